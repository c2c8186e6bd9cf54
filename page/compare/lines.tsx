import type { ComparedLine } from '../../src/page/compare-model.ts';

interface Props {
  readonly label: string;
  readonly names: readonly [string, string];
  readonly lines: readonly ComparedLine[];
}

/** The compared values, one a line; differences are marked by more than colour. */
export function Lines({ label, names, lines }: Props) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="compare">
        <thead>
          <tr>
            <th>
              <span class="unseen">what</span>
            </th>
            {names.map((name, at) => (
              <th key={at}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(([name, ours, theirs], at) => (
            <tr key={at} class={ours === theirs ? '' : 'differs'}>
              <th scope="row">
                {name}
                {ours !== theirs && <i title="differs"> ≠</i>}
              </th>
              <td>{ours}</td>
              <td>{theirs}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
