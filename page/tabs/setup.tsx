import type { PageHead, Setup } from '../../src/page/model.ts';
import { Facts } from '../parts/facts.tsx';

interface Props {
  readonly setup: Setup;
  readonly head: PageHead;
}

/** What was run, on what, and how it is configured. */
export function SetupTab({ setup, head }: Props) {
  return (
    <>
      <Facts facts={head.stats} />
      <h3>How it was run</h3>
      <Facts facts={setup.facts} />
      <h3>Plugins</h3>
      <div class="scroll" tabIndex={0} role="region" aria-label="plugins">
        <table>
          <thead>
            <tr>
              <th>kind</th>
              <th>name</th>
              <th>version</th>
              <th>from</th>
            </tr>
          </thead>
          <tbody>
            {setup.plugins.map(([kind, name, version, from]) => (
              <tr key={`${kind} ${name}`}>
                <td>{kind}</td>
                <td>{name}</td>
                <td>{version}</td>
                <td>{from}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h3>Configuration</h3>
      <pre tabIndex={0} role="region" aria-label="configuration">
        {setup.config}
      </pre>
    </>
  );
}
