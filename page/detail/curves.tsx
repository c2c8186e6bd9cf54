import type { NamedCurve } from '../../src/page/detail-model.ts';
import { significant } from '../parts/format.ts';
import { pathMaker } from './curve-box.ts';

const BOX = { width: 320, height: 90 };

interface Props {
  readonly curves: readonly NamedCurve[];
  /** Of the incumbent, to compare. */
  readonly others: readonly NamedCurve[];
  readonly otherName: string;
}

/** How metrics went during the trials, with the incumbent's behind them. */
export function Curves({ curves, others, otherName }: Props) {
  const metrics = [...new Set(curves.map(({ metric }) => metric))];
  if (metrics.length === 0) return null;
  return (
    <section>
      <h3>Curves</h3>
      <div class="curves">
        {metrics.map((metric) => (
          <Curve
            key={metric}
            metric={metric}
            curves={curves.filter((curve) => curve.metric === metric)}
            others={others.filter((curve) => curve.metric === metric)}
            otherName={otherName}
          />
        ))}
      </div>
    </section>
  );
}

function Curve({ metric, curves, others, otherName }: Props & { readonly metric: string }) {
  const pathOf = pathMaker([...curves, ...others], BOX);
  const ends = curves.map(({ points }) => significant(points.at(-1)?.[1], 4)).join(', ');
  return (
    <figure class="curve">
      <svg
        viewBox={`-3 -3 ${BOX.width + 6} ${BOX.height + 6}`}
        width="100%"
        role="img"
        aria-label={`${metric} over the budget of the trial, from ${significant(curves[0]?.points[0]?.[1], 4)} to ${ends}`}
      >
        <rect class="frame" x="-3" y="-3" width={BOX.width + 6} height={BOX.height + 6} />
        {others.map((curve) => (
          <path key={`other ${curve.trial}`} class="other" d={pathOf(curve)} />
        ))}
        {curves.map((curve) => (
          <path key={curve.trial} class="own" d={pathOf(curve)} />
        ))}
      </svg>
      <figcaption class="soft">
        {metric} {significant(curves[0]?.points[0]?.[1], 4)} → {ends}
        {others.length > 0 && `; dashed: ${otherName}`}
      </figcaption>
    </figure>
  );
}
