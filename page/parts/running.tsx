import type { Live, LiveExperiment } from '../data/live.ts';
import { Curves } from '../detail/curves.tsx';
import { formatUsd } from '../../src/views/format.ts';

/** The experiment under way: what is tried, the curve of its trial so far, and the last lines it printed. */
export function Running({ live }: { readonly live: Live }) {
  if (live.experiments.length === 0 && live.warnings.length === 0) return null;
  return (
    <section class="running" aria-label="under way">
      {live.experiments.map((one) => (
        <One key={one.id} one={one} />
      ))}
      {live.warnings.map((text) => (
        <p class="warning" key={text}>
          {text}
        </p>
      ))}
    </section>
  );
}

function One({ one }: { readonly one: LiveExperiment }) {
  const { id, agent, title, usd, trial } = one;
  const curves = Object.entries(trial?.curves ?? {}).map(([metric, points]) => ({ metric, trial: trial?.index ?? 0, points }));
  return (
    <details>
      <summary>
        <b>#{id}</b> {title === '' ? 'no proposal yet' : title} <span class="soft">{agent}</span>
        {usd !== null && <span class="soft"> {formatUsd(usd)}</span>}
        {trial !== null && <code class="last-line">{trial.lines.at(-1) ?? ''}</code>}
      </summary>
      {one.hypothesis !== '' && <p>{one.hypothesis}</p>}
      <Curves curves={curves} others={[]} otherName="" />
      {trial !== null && trial.lines.length > 0 && (
        <pre tabIndex={0} role="region" aria-label="last lines of the trial">
          {trial.lines.join('\n')}
        </pre>
      )}
    </details>
  );
}
