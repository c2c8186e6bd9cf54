/** How a metric went during the trials of one experiment: a small chart for each metric that has a curve. */
import type { Curve, Trial } from '../../experiment.ts';
import { thin } from '../sparkline.ts';
import { html, type Content, type Markup } from './html.ts';

const MOST_POINTS = 80;

export function renderCurves(trials: readonly Trial[]): Content {
  const names = [...new Set(trials.flatMap((trial) => Object.keys(trial.curves ?? {})))];
  const drawn = names.flatMap((name) => {
    const curves = trials.map((trial) => trial.curves?.[name] ?? []).filter((curve) => curve.length > 1);
    return curves.length === 0 ? [] : [renderCurve(name, curves)];
  });
  return (
    drawn.length > 0 &&
    html`<h4>Curves</h4>
      <div class="curves">${drawn}</div>`
  );
}

function renderCurve(name: string, curves: readonly Curve[]): Markup {
  const values = curves.flat().map(([, value]) => value);
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const round = (value: number): number => Math.round(value * 10) / 10;
  const at = ([share, value]: readonly [number, number]): string =>
    `${round(share * 1000)} ${round(500 - (500 * (value - low)) / (high - low || 1))}`;
  const number = (value: number | undefined): string => (value === undefined ? '–' : String(Number(value.toPrecision(4))));
  const ends = curves.map((curve) => number(curve.at(-1)?.[1])).join(', ');
  return html`<figure class="curve">
    <svg
      viewBox="0 0 1000 500"
      width="100%"
      height="72"
      preserveAspectRatio="none"
      role="img"
      aria-label="${name} over the budget of the trial"
    >
      ${curves.map((curve) => html`<path d="M${thin(curve, MOST_POINTS).map(at).join('L')}" />`)}
    </svg>
    <figcaption>${name} ${number(curves[0]?.[0]?.[1])} → ${ends}</figcaption>
  </figure>`;
}
