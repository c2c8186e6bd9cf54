/** What the shapes of the chart mean; only of those that are in it. */
import { isDrift } from '../course.ts';
import type { ChartInput } from './chart-lines.ts';
import { html, type Content } from './html.ts';
import type { Chart, Kind } from './marks.ts';

export function renderLegend({ marks, levels }: Chart, { rows, noise }: ChartInput): Content {
  const some = (kind: Kind): boolean => marks.some((mark) => mark.kind === kind);
  const entries = [
    ['keep', some('keep'), html`<circle class="keep-fill" cx="7" cy="7" r="5" />`],
    ['kept, then rolled back', some('undone'), html`<circle class="undone-line" cx="7" cy="7" r="4" />`],
    ['discard', some('discard'), html`<circle class="discard-line" cx="7" cy="7" r="3.5" />`],
    ['review', some('review'), html`<rect class="review-fill" x="3" y="3" width="8" height="8" />`],
    ['crash', some('crash'), html`<path class="crash-line" d="M7 1v12" />`],
    ['control', some('control'), html`<circle class="control-fill" cx="7" cy="7" r="2.5" />`],
    ['off the scale', marks.some((mark) => mark.clipped !== null), html`<path class="outlier" d="M2 11L7 3L12 11Z" />`],
    ['noise, ± 2 sigma', (noise?.sigma ?? 0) > 0, html`<rect class="band" x="0" y="2" width="14" height="10" />`],
    ['believed incumbent', rows.some((row) => row.belief), html`<path class="belief" d="M0 7h14" />`],
    ['audit, 95%', levels.length > 0, html`<g class="audit-mark"><path class="diamond" d="M7 2L12 7L7 12L2 7Z" /></g>`],
    ['drift', rows.some(isDrift), html`<path class="drift" d="M7 0v14" />`],
  ] as const;
  return entries
    .filter(([, present]) => present)
    .map(([name, , shape]) => html`<span class="key"><svg width="14" height="14" aria-hidden="true">${shape}</svg>${name}</span>`);
}
