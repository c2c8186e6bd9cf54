import type { Compromises } from '../../src/page/model.ts';
import { VerdictBadge } from '../parts/badge.tsx';
import { ExperimentLink } from '../parts/experiment-link.tsx';
import { significant } from '../parts/format.ts';
import { domainOf } from '../chart/scale.ts';

/** The Pareto front of an objective with several metrics. */
export function CompromisesTab({ compromises }: { readonly compromises: Compromises | null }) {
  if (compromises === null || compromises.front.length === 0)
    return <p class="soft">The objective has one metric, so there is nothing to weigh against it. Guards are under “Audits”.</p>;
  const { metrics, front } = compromises;
  return (
    <>
      <p class="soft">
        No experiment is better than one of these in every metric, by the scores of the run. The first metric, {metrics[0]?.metric}, decides
        what is kept.
      </p>
      <Scatter compromises={compromises} />
      <div class="scroll" tabIndex={0} role="region" aria-label="best compromises">
        <table>
          <thead>
            <tr>
              <th>change</th>
              <th>verdict</th>
              {metrics.map(({ metric, direction }) => (
                <th class="n" key={metric}>
                  {metric} <i aria-hidden="true">{direction === 'minimize' ? '↓' : '↑'}</i>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {front.map(({ row, values }) => (
              <tr key={row.id}>
                <td>
                  <ExperimentLink id={row.id}>{row.title}</ExperimentLink> <span class="soft">#{row.id}</span>
                </td>
                <td>
                  <VerdictBadge row={row} />
                </td>
                {values.map((value, at) => (
                  <td class="n" key={metrics[at]?.metric}>
                    {significant(value)}
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

function Scatter({ compromises: { metrics, front, others } }: { readonly compromises: Compromises }) {
  const [first, second] = metrics;
  const best = front.flatMap(({ values: [x, y] }) => (x === undefined || y === undefined ? [] : [[x, y] as const]));
  const axisOf = (of: 0 | 1) => {
    const domain = domainOf([
      ...best.map((point) => ({ score: point[of], verdict: 'keep' })),
      ...others.map((point) => ({ score: point[of], verdict: 'discard' })),
    ]);
    return (value: number): number => (value - domain.low) / (domain.high - domain.low);
  };
  const [xOf, yOf] = [axisOf(0), axisOf(1)];
  const dots = (points: readonly (readonly [number, number])[], radius: number, name: string) =>
    points.map(([x, y], at) => {
      const [left, top] = [600 * xOf(x), 220 * (1 - yOf(y))];
      return left >= 0 && left <= 600 && top >= 0 && top <= 220 && <circle key={at} class={name} cx={left} cy={top} r={radius} />;
    });
  return (
    <figure class="scatter">
      <svg
        viewBox="-8 -8 616 236"
        width="100%"
        role="img"
        aria-label={`${first?.metric} to the right and ${second?.metric} upwards, of ${best.length} best compromises and ${others.length} others`}
      >
        <rect class="frame" x="-8" y="-8" width="616" height="236" />
        {dots(others, 2.5, 'other')}
        {dots(best, 5, 'best')}
      </svg>
      <figcaption class="soft">
        → {first?.metric}, ↑ {second?.metric}
      </figcaption>
    </figure>
  );
}
