import type { Timeline, TimelineLane, TimelineSpan } from '../../src/page/timeline-model.ts';
import { formatPercent, formatSeconds } from '../../src/views/format.ts';
import { ExperimentLink } from '../parts/experiment-link.tsx';
import { localTime } from '../parts/format.ts';

interface Props {
  readonly timeline: Timeline | null;
  /** Experiments to show; without, the newest. */
  readonly zoom?: readonly [number, number] | null;
}

/** So many experiments fit into the picture. */
const NEWEST = 24;
const WIDTH = 1000;
/** A slot that waits for proposals for less than this share of the time needs no advice. */
const WORTH_SAYING = 0.05;

/** Which slot did what when, and what it waited for: the agents, or a verdict. */
export function SlotsTab({ timeline, zoom = null }: Props) {
  if (timeline === null) return <p class="soft">No trial has run yet.</p>;
  const last = timeline.spans.at(-1)?.[4] ?? 0;
  const [first, end] = zoom ?? [last - NEWEST + 1, last];
  const shown = timeline.spans.filter(([, , , , id]) => id >= first && id <= end);
  return (
    <>
      <Shares timeline={timeline} />
      {shown.length === 0 ? (
        <p class="soft">The times of these experiments are not here: only the newest are.</p>
      ) : (
        <Lanes timeline={timeline} spans={shown} />
      )}
    </>
  );
}

function Shares({ timeline: { lanes, worked } }: { readonly timeline: Timeline }) {
  const share = (seconds: number): string => (worked === 0 ? '–' : formatPercent(seconds / worked).replace(/\.\d+/, ''));
  const isWaiting = lanes.some(({ proposal }) => proposal > WORTH_SAYING * worked);
  const idle = lanes.reduce((sum, lane) => sum + worked - lane.busy, 0) / (worked * lanes.length || 1);
  const rows: readonly (readonly [string, (lane: TimelineLane) => number])[] = [
    ['measuring', ({ busy }) => busy],
    ['waits for a proposal', ({ proposal }) => proposal],
    ['waits for a verdict', ({ judging }) => judging],
    ['nothing under way', ({ other }) => other],
  ];
  return (
    <>
      <p class="soft">
        In {formatSeconds(worked)} of work the slots were idle for {formatPercent(idle).replace(/\.\d+/, '')} of the time.
        {isWaiting && (
          <>
            {' '}
            With a larger <code>lookahead</code> proposals are made while the slots measure.
          </>
        )}
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="what each slot did">
        <table>
          <thead>
            <tr>
              <th>slot</th>
              {rows.map(([name]) => (
                <th class="n" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lanes.map((lane) => (
              <tr key={lane.name}>
                <th scope="row">{lane.name}</th>
                {rows.map(([name, of]) => (
                  <td class="n" key={name}>
                    {share(of(lane))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const KINDS = [
  ['kept', 'trials of a kept change'],
  ['trial', 'other trials'],
  ['incumbent', 'the incumbent beside them'],
  ['audit', 'audits'],
  ['proposal', 'proposals'],
] as const satisfies readonly (readonly [TimelineSpan[3], string])[];

function Lanes({ timeline: { lanes, start }, spans }: { readonly timeline: Timeline; readonly spans: readonly TimelineSpan[] }) {
  const from = Math.min(...spans.map(([, left]) => left));
  const to = Math.max(...spans.map(([, , right]) => right));
  const place = (seconds: number): number => (WIDTH * (seconds - from)) / (to - from || 1);
  const timeOf = (seconds: number): string => localTime(new Date(Date.parse(start) + 1000 * seconds).toISOString());
  const ids = [...new Set(spans.map(([, , , , id]) => id))].toSorted((a, b) => a - b);
  const names = [...lanes.map(({ name }) => name), 'proposals'];
  const seen = new Set(spans.map(([, , , kind]) => kind));
  return (
    <figure class="lanes">
      <dl>
        {names.map((name, lane) => {
          const own = spans.filter(([of]) => of === lane);
          return (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <svg
                  viewBox={`0 0 ${WIDTH} 10`}
                  preserveAspectRatio="none"
                  width="100%"
                  height="20"
                  role="img"
                  aria-label={`${name}: ${own.length} intervals`}
                >
                  {own.map(([, left, right, kind, id]) => (
                    <rect
                      key={`${id} ${left}`}
                      class={kind}
                      x={place(left)}
                      y="0"
                      height="10"
                      width={Math.max(1.5, place(right) - place(left) - 1)}
                    >
                      <title>{`#${id} ${KINDS.find(([name]) => name === kind)?.[1] ?? kind}, ${formatSeconds(right - left)}`}</title>
                    </rect>
                  ))}
                </svg>
              </dd>
            </div>
          );
        })}
      </dl>
      <figcaption class="soft">
        <ExperimentLink id={ids[0] ?? 0}>#{ids[0]}</ExperimentLink> to <ExperimentLink id={ids.at(-1) ?? 0}>#{ids.at(-1)}</ExperimentLink>,{' '}
        {timeOf(from)} to {timeOf(to)}; the chart’s zoom chooses others.
        <ul class="legend">
          {KINDS.map(
            ([kind, text]) =>
              seen.has(kind) && (
                <li key={kind}>
                  <svg width="10" height="10" aria-hidden="true">
                    <rect class={kind} width="10" height="10" />
                  </svg>{' '}
                  {text}
                </li>
              ),
          )}
        </ul>
      </figcaption>
    </figure>
  );
}
