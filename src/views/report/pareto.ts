/** The best compromises of a run whose objective has several metrics: what nothing else is better than in all of them. */
import { paretoFront, type ParetoMetric } from '../pareto.ts';
import type { OpeningView, Row } from '../types.ts';
import { percent } from './chart-lines.ts';
import { verdictBadge } from './badge.ts';
import { html, type Content, type Markup } from './html.ts';
import { kindOf } from './marks.ts';
import { domainOf, ticksOf, type Domain } from './scale.ts';

const MOST_ROWS = 40;
const MOST_LABELS = 12;

export interface ParetoInput {
  readonly opening: OpeningView;
  readonly rows: readonly Row[];
  readonly undone: ReadonlySet<number>;
}

export function renderPareto({ opening, rows, undone }: ParetoInput): Content {
  const metrics = metricsOf(opening.config.objective);
  const [first, second] = metrics;
  if (first === undefined || second === undefined) return null;
  const front = paretoFront(rows, metrics);
  if (front.length === 0) return null;
  const left = front.length - MOST_ROWS;
  return html`<section id="pareto">
    <h2>Best compromises</h2>
    <p class="muted">
      No experiment is better than one of these in every metric (by the scores of the run). The first metric, ${first.metric}, decides what
      is kept.
    </p>
    ${scatter(rows, front, first, second)} ${table(front.slice(0, MOST_ROWS), metrics, undone)}
    ${left > 0 && html`<p class="muted">${left} more, worse in ${first.metric}.</p>`}
  </section>`;
}

/** The options of the objective, as the run recorded them. */
function metricsOf({ use, with: options }: OpeningView['config']['objective']): ParetoMetric[] {
  const list = use === 'pareto' ? options?.['metrics'] : use === 'lexicographic' ? constrained(options) : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('metric' in entry) || !('direction' in entry)) return [];
    const { metric, direction } = entry;
    const isKnown = typeof metric === 'string' && (direction === 'minimize' || direction === 'maximize');
    return isKnown ? [{ metric, direction }] : [];
  });
}

/** The score and what is constrained; a limit says which way is better where `direction` does not. */
function constrained(options: Readonly<Record<string, unknown>> = {}): unknown[] {
  const { metric, direction, constraints } = options;
  const list: unknown[] = Array.isArray(constraints) ? constraints : [];
  const others = list.map((constraint) => {
    const { direction: better, max, ...rest }: Record<string, unknown> = { ...(constraint as object) };
    return { metric: rest['metric'], direction: better ?? (max === undefined ? 'maximize' : 'minimize') };
  });
  const names = [metric, ...others.map((other) => other.metric)];
  return [{ metric, direction }, ...others].filter((one, index) => names.indexOf(one.metric) === index);
}

interface Axis {
  readonly domain: Domain;
  readonly valueOf: (row: Row) => number;
  readonly at: (row: Row) => number;
}

function axisOf(rows: readonly Row[], front: ReadonlySet<Row>, { metric }: ParetoMetric, isUpward: boolean): Axis {
  const valueOf = (row: Row): number => row.metrics[metric] ?? Number.NaN;
  const domain = domainOf(rows.map((row) => ({ score: valueOf(row), verdict: front.has(row) ? 'keep' : 'discard' })));
  const share = (row: Row): number => (valueOf(row) - domain.low) / (domain.high - domain.low);
  return { domain, valueOf, at: (row) => Math.round(10_000 * (isUpward ? 1 - share(row) : share(row))) / 10 };
}

function scatter(rows: readonly Row[], front: readonly Row[], first: ParetoMetric, second: ParetoMetric): Markup {
  const best = new Set(front);
  const points = rows.filter(
    (row) => row.verdict !== 'crash' && !row.control && [first, second].every(({ metric }) => Number.isFinite(row.metrics[metric])),
  );
  const [x, y] = [axisOf(points, best, first, false), axisOf(points, best, second, true)];
  const isInside = (row: Row): boolean => [x, y].every((axis) => axis.at(row) >= 0 && axis.at(row) <= 1000);
  const path = (list: readonly Row[]): string => list.map((row) => `M${x.at(row)} ${y.at(row)}h0`).join('');
  const others = path(points.filter((row) => !best.has(row) && isInside(row)));
  const words = ({ metric, direction }: ParetoMetric): string => `${metric}, ${direction === 'minimize' ? 'lower' : 'higher'} is better`;
  const link = (row: Row, at: number): Markup =>
    html`<a href="#e${row.id}"
      ><circle class="hit" cx="${percent(x.at(row))}" cy="${percent(y.at(row))}" r="8"><title>#${row.id} ${row.title}</title></circle>${
        at < MOST_LABELS &&
        html`<text class="mark-label best-label" x="${percent(x.at(row))}" y="${percent(y.at(row))}" dx="9" dy="-7">#${row.id}</text>`
      }</a
    >`;
  return html`<figure class="compromises">
    <figcaption class="above">↑ ${words(second)}</figcaption>
    <div class="plot">
      <svg
        class="canvas"
        width="100%"
        height="100%"
        role="img"
        aria-label="${first.metric} and ${second.metric} of ${points.length} experiments"
      >
        ${gridOf(x.domain, y.domain)}
        <svg viewBox="0 0 1000 1000" width="100%" height="100%" preserveAspectRatio="none" overflow="visible">
          <path class="discard ring" d="${others}" />
          <path class="hole" d="${others}" />
          <path class="halo" d="${path(front)}" />
          <path class="keep disc" d="${path(front)}" />
        </svg>
        ${front.map(link)}
      </svg>
    </div>
    <figcaption><span class="axis">→ ${words(first)}</span></figcaption>
  </figure>`;
}

function gridOf(x: Domain, y: Domain): Content {
  const share = (value: number, { low, high }: Domain): number => (1000 * (value - low)) / (high - low);
  const [across, up] = [ticksOf(x, 4), ticksOf(y, 4)];
  return [
    up.values.map((value) => {
      const at = percent(1000 - share(value, y));
      return html`<line class="grid" x1="0" x2="100%" y1="${at}" y2="${at}" /><text class="tick" x="-8" y="${at}" dy="4" text-anchor="end"
          >${value.toFixed(up.decimals)}</text
        >`;
    }),
    across.values.map((value) => {
      const at = percent(share(value, x));
      return html`<line class="grid" x1="${at}" x2="${at}" y1="0" y2="100%" /><text
          class="tick"
          x="${at}"
          y="100%"
          dy="18"
          text-anchor="middle"
          >${value.toFixed(across.decimals)}</text
        >`;
    }),
  ];
}

function table(front: readonly Row[], metrics: readonly ParetoMetric[], undone: ReadonlySet<number>): Markup {
  const number = (value: number | undefined): string => (value === undefined ? '–' : String(Number(value.toPrecision(6))));
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>change</th>
          <th class="wide">verdict</th>
          ${metrics.map(({ metric, direction }) => html`<th class="n">${metric} ${direction === 'minimize' ? '↓' : '↑'}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${front.map(
          (row) =>
            html`<tr>
              <td><a href="#e${row.id}">${row.title}</a> <span class="muted">#${row.id}</span></td>
              <td class="wide">${verdictBadge(kindOf(row, undone))}</td>
              ${metrics.map(({ metric }) => html`<td class="n">${number(row.metrics[metric])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
