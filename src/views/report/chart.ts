/**
 * The progress chart as static SVG, fluid without a script.
 * A chart library would draw on a canvas at load time: nothing without a script, blurred print, and tens of kilobytes in each file,
 * for one scatter plot with a step line.
 * Dots are strokes of no length with round ends in one path a verdict: they stay round when the picture is stretched to its column,
 * and ten thousand of them cost the browser no more than a few elements.
 */
import { formatNumber } from '../format.ts';
import { wordFor, type ObjectiveView } from '../log.ts';
import { totalsOf } from '../rank.ts';
import { html, verbatim, type Content, type Markup } from './html.ts';
import { layOut, STRIP, type Chart, type Mark } from './marks.ts';
import { ticksOf } from './scale.ts';
import type { Row } from '../types.ts';

/** Up to this many experiments each dot is also a link with a native tooltip, for readers without a script. */
const LINKED_DOTS = 500;
/** Above this many the marks are drawn small, so that density shows instead of overlap. */
const LARGE_DOTS = 400;

export function renderChart(rows: readonly Row[], objective: ObjectiveView, decimals: number): Markup {
  const chart = layOut(rows);
  const { label, direction } = objective;
  const title = `${label} of ${rows.length} experiments in the order they ran; ${wordFor(direction)}`;
  return html`<figure class="chart ${rows.length > LARGE_DOTS && 'dense'}">
    <div class="plot">
      <svg class="canvas" width="100%" height="100%" role="img" aria-label="${title}">
        ${grid(chart, decimals)}
        <svg viewBox="0 0 1000 1000" width="100%" height="100%" preserveAspectRatio="none" overflow="visible">
          ${dots(chart)} ${stepLine(chart)} ${keptDots(chart)}
        </svg>
        ${edges(chart)} ${references(rows, objective, chart, decimals)} ${rows.length <= LINKED_DOTS && chart.marks.map(link)}
      </svg>
      <div class="tip" id="tip" hidden></div>
    </div>
    <figcaption>${legend(rows, chart)}<span class="axis">${label} by experiment, ${wordFor(direction)}</span></figcaption>
    ${verbatim('script type="application/json" id="marks"', data(chart))}
  </figure>`;
}

const percent = (thousandths: number): string => `${Math.round(thousandths * 10) / 100}%`;

function grid(chart: Chart, decimals: number): Content {
  const y = ticksOf(chart.domain, 5);
  const x = ticksOf({ low: 0, high: chart.lastId }, 6, true);
  return [
    y.values.map((value) => {
      const at = percent(chart.yOf(value));
      return html`<line class="grid" x1="0" x2="100%" y1="${at}" y2="${at}" /><text class="tick" x="-8" y="${at}" dy="4" text-anchor="end"
          >${formatNumber(value, Math.min(y.decimals, decimals + 1))}</text
        >`;
    }),
    x.values.map(
      (value) => html`<text class="tick" x="${percent(chart.xOf(value))}" y="100%" dy="18" text-anchor="middle">${value}</text>`,
    ),
    html`<line class="floor" x1="0" x2="100%" y1="${percent(1000 - STRIP)}" y2="${percent(1000 - STRIP)}" />`,
  ];
}

const at = (marks: readonly Mark[]): string => marks.map((mark) => `M${mark.x} ${mark.y}h0`).join('');

function dots({ marks }: Chart): Content {
  const scored = marks.filter((mark) => mark.row.score !== null && mark.clipped === null);
  const [discards = '', crashes = '', reviews = ''] = (['discard', 'crash', 'review'] as const).map((verdict) =>
    at(scored.filter((mark) => mark.row.verdict === verdict)),
  );
  const tick = marks.filter((mark) => mark.row.score === null);
  const lines = (wanted: (mark: Mark) => boolean): string =>
    tick
      .filter(wanted)
      .map((mark) => `M${mark.x} ${1000 - STRIP + 12}V988`)
      .join('');
  return [
    html`<path class="discard ring" d="${discards}" /><path class="crash ring" d="${crashes}" /><path
        class="hole"
        d="${discards}${crashes}"
      />`,
    html`<path class="review square" d="${reviews}" />`,
    html`<path class="crash tickmark" d="${lines((mark) => mark.row.verdict === 'crash')}" />`,
    html`<path class="discard tickmark" d="${lines((mark) => mark.row.verdict !== 'crash')}" />`,
  ];
}

function stepLine(chart: Chart): Content {
  const kept = chart.marks.filter((mark) => mark.row.verdict === 'keep' && mark.row.score !== null);
  const [first, ...rest] = kept;
  if (first === undefined) return null;
  return html`<path
    class="best"
    d="M${first.x} ${first.y}${rest.map((mark) => `H${mark.x}V${mark.y}`).join('')}H${chart.xOf(chart.lastId)}"
  />`;
}

function keptDots({ marks }: Chart): Content {
  const kept = at(marks.filter((mark) => mark.row.verdict === 'keep' && mark.row.score !== null));
  return html`<path class="halo" d="${kept}" /><path class="keep disc" d="${kept}" />`;
}

/** A triangle at the edge for each score that lies outside, one at most for each half percent of the width. */
function edges({ marks }: Chart): Content {
  const outside = new Map(
    marks.flatMap((mark) => (mark.clipped === null ? [] : [[`${mark.clipped}${Math.round(mark.x / 5)}`, mark] as const])),
  );
  const shape = { above: 'M-4-2L0-8L4-2Z', below: 'M-4-8L0-2L4-8Z' } as const;
  return [...outside.values()].map(
    (mark) =>
      html`<svg x="${percent(mark.x)}" y="${percent(mark.y)}" overflow="visible">
        <path class="outlier" d="${mark.clipped === null ? '' : shape[mark.clipped]}" />
      </svg>`,
  );
}

function references(rows: readonly Row[], objective: ObjectiveView, chart: Chart, decimals: number): Content {
  const { baseline, incumbent } = totalsOf(rows, objective.direction);
  if (baseline === null) return null;
  const down = objective.direction === 'minimize';
  const start = chart.yOf(baseline.score);
  const line = html`<line class="baseline" x1="0" x2="100%" y1="${percent(start)}" y2="${percent(start)}" />`;
  const label = (y: number, above: boolean, kind: string, text: string): Markup =>
    html`<text class="mark-label ${kind}" x="100%" y="${percent(y)}" dy="${above ? -9 : 21}" text-anchor="end">${text}</text>`;
  const startLabel = label(start, down, 'baseline-label', `baseline ${formatNumber(baseline.score, decimals)}`);
  if (incumbent === null || incumbent.id === baseline.id) return [line, startLabel];
  return [
    line,
    startLabel,
    label(chart.yOf(incumbent.score), !down, 'best-label', `best ${formatNumber(incumbent.score, decimals)} · #${incumbent.id}`),
  ];
}

function link({ row, x, y }: Mark): Markup {
  const text = `#${row.id} ${row.verdict} ${row.score ?? ''} ${row.title}`;
  const stop = row.verdict === 'keep' ? 0 : -1;
  return html`<a href="#e${row.id}" tabindex="${stop}"
    ><circle class="hit" cx="${percent(x)}" cy="${percent(y)}" r="8"><title>${text}</title></circle></a
  >`;
}

function legend(rows: readonly Row[], chart: Chart): Content {
  const some = (verdict: Row['verdict']): boolean => rows.some((row) => row.verdict === verdict);
  const entries = [
    ['keep', some('keep'), html`<circle class="keep-fill" cx="7" cy="7" r="5" />`],
    ['discard', some('discard'), html`<circle class="discard-line" cx="7" cy="7" r="3.5" />`],
    ['review', some('review'), html`<rect class="review-fill" x="3" y="3" width="8" height="8" />`],
    ['crash', some('crash'), html`<path class="crash-line" d="M7 1v12" />`],
    ['off the scale', chart.marks.some((mark) => mark.clipped !== null), html`<path class="outlier" d="M2 11L7 3L12 11Z" />`],
  ] as const;
  return entries
    .filter(([, present]) => present)
    .map(([name, , shape]) => html`<span class="key"><svg width="14" height="14" aria-hidden="true">${shape}</svg>${name}</span>`);
}

/** Numbers only; what the tooltip says is read from the list below the chart. */
function data({ marks }: Chart): string {
  return JSON.stringify(marks.map((mark) => [mark.row.id, mark.x, mark.y]));
}
