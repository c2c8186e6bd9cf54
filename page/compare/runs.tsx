import type { RunComparison } from '../../src/page/compare-model.ts';
import type { PageHead, PageStep } from '../../src/page/model.ts';
import { score } from '../parts/format.ts';
import { BetweenFiles } from './between.tsx';
import { Lines } from './lines.tsx';

interface Props {
  readonly head: PageHead;
  readonly comparison: RunComparison;
}

/** Two runs: what each came to, their incumbents over each other, and what differs in config and files. */
export function CompareRuns({ head, comparison: { other, lines, settings, between } }: Props) {
  const names = [head.run, other.run] as const;
  const isSame = head.objective.label === other.objective.label && head.objective.direction === other.objective.direction;
  return (
    <>
      {isSame ? (
        <Courses heads={[head, other]} />
      ) : (
        <p class="soft">They measure different things, so their curves are not drawn over each other.</p>
      )}
      <Lines label="comparison of runs" names={names} lines={lines} />
      {settings.length > 0 && <h3>Settings that differ</h3>}
      {settings.length > 0 && <Lines label="settings that differ" names={names} lines={settings} />}
      {between !== null && <BetweenFiles between={between} names={[`the incumbent of ${head.run}`, `that of ${other.run}`]} />}
    </>
  );
}

const [WIDTH, HEIGHT] = [1000, 180];

/** Both incumbents by the experiments of their runs, on one scale. */
function Courses({ heads }: { readonly heads: readonly [PageHead, PageHead] }) {
  const [ours, theirs] = heads;
  const all = heads.flatMap(({ course }) => course.map((step) => step.score));
  if (all.length === 0) return null;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const last = Math.max(1, ...heads.map(({ total }) => total));
  const place = (value: number): number => HEIGHT - (HEIGHT * (value - low)) / (high - low || 1);
  const pathOf = ({ course, total }: PageHead): string =>
    `${course.map((step, at) => stepTo(step, at)).join('')}H${(WIDTH * total) / last}`;
  const stepTo = (step: PageStep, at: number): string =>
    at === 0 ? `M${(WIDTH * step.after) / last} ${place(step.score)}` : `H${(WIDTH * step.after) / last}V${place(step.score)}`;
  return (
    <figure class="curve courses">
      <svg
        viewBox={`-4 -4 ${WIDTH + 8} ${HEIGHT + 8}`}
        width="100%"
        height="190"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${ours.objective.label} of the incumbents of ${ours.run} and ${theirs.run} by experiment`}
      >
        <rect class="frame" x="-4" y="-4" width={WIDTH + 8} height={HEIGHT + 8} />
        <path class="other" d={pathOf(theirs)} />
        <path class="own" d={pathOf(ours)} />
      </svg>
      <figcaption class="soft">
        {ours.objective.label} by experiment, 0 to {last}, from {score(high, ours.decimals)} down to {score(low, ours.decimals)}; {ours.run}
        : line, {theirs.run}: dashed
      </figcaption>
    </figure>
  );
}
