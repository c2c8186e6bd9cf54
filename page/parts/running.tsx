import { useLayoutEffect, useRef } from 'preact/hooks';
import type { NamedCurve } from '../../src/page/detail-model.ts';
import type { PageHead } from '../../src/page/model.ts';
import { formatUsd } from '../../src/views/format.ts';
import { underWay, type Live, type LiveExperiment } from '../data/live.ts';
import type { Source } from '../data/source.ts';
import { pathMaker } from '../detail/curve-box.ts';
import { Curves } from '../detail/curves.tsx';
import { useDetail } from '../detail/use-detail.ts';
import { significant } from './format.ts';

interface Props {
  readonly source: Source;
  readonly head: PageHead;
  readonly live: Live;
}

/** With one slot a trial may run while the next change is proposed. */
const LEAST_LINES = 2;
const SPARK = { width: 150, height: 24 };

/** The experiments under way: what is tried, the curve of each trial so far over the incumbent's, and the last lines it printed. */
export function Running({ source, head: { state, incumbent }, live }: Props) {
  const { warnings } = live;
  const experiments = underWay(live, state.kind);
  const isAlive = state.kind === 'running' || state.kind === 'paused';
  const best = useDetail(source, isAlive ? (incumbent?.id ?? null) : null);
  const lines = useMost(isAlive ? Math.max(LEAST_LINES, experiments.length) : 0);
  if (lines === 0 && warnings.length === 0) return null;
  return (
    <section class="under-way" aria-label="under way">
      <Room lines={lines}>
        {experiments.map((one) => (
          <One key={one.id} one={one} others={best?.curves ?? []} otherName={`incumbent #${best?.row.id ?? ''}`} />
        ))}
      </Room>
      {warnings.map((text) => (
        <p class="warning" key={text}>
          {text}
        </p>
      ))}
    </section>
  );
}

/** The most that there ever were: what stands below must not move with each experiment that ends, nor with the run. */
function useMost(count: number): number {
  const most = useRef(0);
  most.current = Math.max(most.current, count);
  return most.current;
}

function Room({ lines, children }: { readonly lines: number; readonly children: preact.ComponentChildren }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => element.current?.style.setProperty('--lines', String(lines)), [lines]);
  return (
    <div class="lines" ref={element}>
      {children}
    </div>
  );
}

interface OneProps {
  readonly one: LiveExperiment;
  readonly others: readonly NamedCurve[];
  readonly otherName: string;
}

function One({ one: { id, agent, title, usd, trial, hypothesis }, others, otherName }: OneProps) {
  const curves = Object.entries(trial?.curves ?? {}).map(([metric, points]) => ({ metric, trial: trial?.index ?? 0, points }));
  return (
    <details>
      <summary>
        <b>#{id}</b> <span class="what">{title === '' ? 'no proposal yet' : title}</span> <span class="soft">{agent}</span>
        {usd !== null && <span class="soft"> {formatUsd(usd)}</span>}
        {trial !== null && <code class="last-line">{trial.lines.at(-1) ?? ''}</code>}
        <Spark curves={curves} others={others} otherName={otherName} />
      </summary>
      {hypothesis !== '' && <p>{hypothesis}</p>}
      <Curves curves={curves} others={others} otherName={otherName} />
      {trial !== null && trial.lines.length > 0 && (
        <pre tabIndex={0} role="region" aria-label={`last lines of the trial of #${id}`}>
          {trial.lines.join('\n')}
        </pre>
      )}
    </details>
  );
}

/** The first curve of the trial in the line itself, with the incumbent's behind it. */
function Spark({ curves, others, otherName }: { readonly curves: readonly NamedCurve[] } & Omit<OneProps, 'one'>) {
  const [own] = curves;
  if (own === undefined) return null;
  const behind = others.filter(({ metric }) => metric === own.metric);
  const pathOf = pathMaker([own, ...behind], SPARK);
  return (
    <svg
      class="curve spark"
      viewBox={`-2 -2 ${SPARK.width + 4} ${SPARK.height + 4}`}
      role="img"
      aria-label={`${own.metric} so far ${significant(own.points.at(-1)?.[1], 4)}${behind.length > 0 ? `, over that of ${otherName}` : ''}`}
    >
      {behind.map((curve) => (
        <path key={curve.trial} class="other" d={pathOf(curve)} />
      ))}
      <path class="own" d={pathOf(own)} />
    </svg>
  );
}
