/**
 * The progress chart as static SVG, fluid without a script.
 * A chart library would draw on a canvas at load time: nothing without a script, blurred print, and tens of kilobytes in each file,
 * for one scatter plot with a step line.
 * Dots are strokes of no length with round ends in one path a verdict: they stay round when the picture is stretched to its column,
 * and ten thousand of them cost the browser no more than a few elements.
 */
import { formatNumber } from '../format.ts';
import { wordFor } from '../log.ts';
import { auditMarks, beliefLine, driftLines, noiseBand, percent, references, stepLine, type ChartInput } from './chart-lines.ts';
import { html, verbatim, type Content, type Markup } from './html.ts';
import { renderLegend } from './legend.ts';
import { layOut, STRIP, type Chart, type Kind, type Mark } from './marks.ts';
import { ticksOf } from './scale.ts';

/** Up to this many experiments each dot is also a link with a native tooltip, for readers without a script. */
const LINKED_DOTS = 500;
/** Above this many the marks are drawn small, so that density shows instead of overlap. */
const LARGE_DOTS = 400;

export function renderChart(input: ChartInput): Markup {
  const { rows, audits, objective, decimals } = input;
  const chart = layOut(rows, audits);
  const { label, direction } = objective;
  const title = `${label} of ${rows.length} experiments in the order they ran; ${wordFor(direction)}`;
  return html`<figure class="chart ${rows.length > LARGE_DOTS && 'dense'}">
    <div class="plot">
      <svg class="canvas" width="100%" height="100%" role="img" aria-label="${title}">
        ${grid(chart, decimals)}
        <svg viewBox="0 0 1000 1000" width="100%" height="100%" preserveAspectRatio="none" overflow="visible">
          ${noiseBand(chart, input)} ${dots(chart)} ${stepLine(chart, input)} ${beliefLine(chart, input)} ${keptDots(chart)}
        </svg>
        ${edges(chart)} ${driftLines(chart)} ${references(chart, input)} ${rows.length <= LINKED_DOTS && chart.marks.map(link)}
        ${auditMarks(chart)}
      </svg>
      <div class="tip" id="tip" hidden></div>
    </div>
    <figcaption>${renderLegend(chart, input)}<span class="axis">${label} by experiment, ${wordFor(direction)}</span></figcaption>
    ${verbatim('script type="application/json" id="marks"', data(chart))}
  </figure>`;
}

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
  const of = (kind: Kind): string => at(scored.filter((mark) => mark.kind === kind));
  const [discards, crashes] = [of('discard'), of('crash')];
  const tick = marks.filter((mark) => mark.row.score === null);
  const lines = (wanted: (mark: Mark) => boolean): string =>
    tick
      .filter(wanted)
      .map((mark) => `M${mark.x} ${1000 - STRIP + 12}V988`)
      .join('');
  return [
    html`<path class="control dot" d="${of('control')}" />`,
    html`<path class="discard ring" d="${discards}" /><path class="crash ring" d="${crashes}" /><path
        class="hole"
        d="${discards}${crashes}"
      />`,
    html`<path class="review square" d="${of('review')}" />`,
    html`<path class="crash tickmark" d="${lines((mark) => mark.kind === 'crash')}" />`,
    html`<path class="discard tickmark" d="${lines((mark) => mark.kind !== 'crash')}" />`,
  ];
}

function keptDots({ marks }: Chart): Content {
  const of = (kind: Kind): string => at(marks.filter((mark) => mark.kind === kind && mark.row.score !== null));
  const [kept, undone] = [of('keep'), of('undone')];
  return html`<path class="halo" d="${kept}${undone}" /><path class="keep disc" d="${kept}" />${
      undone !== '' && html`<path class="undone disc" d="${undone}" /><path class="undone hole" d="${undone}" />`
    }`;
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

function link({ row, kind, x, y }: Mark): Markup {
  const text = `#${row.id} ${kind === 'undone' ? 'rolled back' : kind} ${row.score ?? ''} ${row.title}`;
  const stop = row.verdict === 'keep' ? 0 : -1;
  return html`<a href="#e${row.id}" tabindex="${stop}"
    ><circle class="hit" cx="${percent(x)}" cy="${percent(y)}" r="8"><title>${text}</title></circle></a
  >`;
}

/** Numbers only; what the tooltip says is read from the list below the chart. */
function data({ marks }: Chart): string {
  return JSON.stringify(marks.map((mark) => [mark.row.id, mark.x, mark.y]));
}
