/** What is drawn over the dots: the incumbent as it scored, what is believed of it, the noise around it, and what audits found. */
import type { AuditRecord } from '../../ledger/records.ts';
import type { Noise } from '../../plugin.ts';
import { courseOf, isDrift } from '../course.ts';
import { formatNumber } from '../format.ts';
import type { ObjectiveView } from '../log.ts';
import type { Totals } from '../rank.ts';
import type { Row } from '../types.ts';
import { html, type Content, type Markup } from './html.ts';
import { STRIP, type Chart } from './marks.ts';

export interface ChartInput {
  readonly rows: readonly Row[];
  readonly audits: readonly AuditRecord[];
  readonly noise: Noise | null;
  readonly totals: Totals;
  readonly objective: ObjectiveView;
  readonly decimals: number;
}

export const percent = (thousandths: number): string => `${Math.round(thousandths * 10) / 100}%`;

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly score: number;
}

/** The course of the incumbent as stretches of the x axis. */
function segmentsOf({ xOf, xAfter, lastId }: Chart, { rows, audits }: ChartInput): Segment[] {
  const steps = courseOf(rows, audits).map(({ after, score, cause }) => ({
    from: cause === 'rollback' ? xAfter(after) : xOf(after),
    score,
  }));
  return steps.map(({ from, score }, at) => ({ from, to: steps[at + 1]?.from ?? Math.max(from, xOf(lastId)), score }));
}

export function stepLine(chart: Chart, input: ChartInput): Content {
  const [first, ...rest] = segmentsOf(chart, input);
  if (first === undefined) return null;
  const steps = rest.map(({ to, score }) => `V${chart.yInside(score)}H${to}`).join('');
  return html`<path class="best" d="M${first.from} ${chart.yInside(first.score)}H${first.to}${steps}" />`;
}

/** Two sigma of one trial to either side: scores in there may well be the incumbent's own. */
export function noiseBand(chart: Chart, input: ChartInput): Content {
  const sigma = input.noise?.sigma ?? 0;
  if (sigma === 0) return null;
  const boxes = segmentsOf(chart, input).map(({ from, to, score }) => {
    const [top, bottom] = [chart.yInside(score + 2 * sigma), chart.yInside(score - 2 * sigma)];
    return `M${from} ${top}H${to}V${bottom}H${from}Z`;
  });
  return html`<path class="band" d="${boxes.join('')}" />`;
}

export function beliefLine(chart: Chart, { rows, audits }: ChartInput): Content {
  const rollbacks = new Set(audits.filter(({ audit }) => audit.rolledBack).map(({ after }) => after));
  let path = '';
  let last: number | null = null;
  for (const row of rows) {
    // Estimates from before a change of the machine do not apply to it.
    if (isDrift(row)) last = null;
    const x = chart.xOf(row.id);
    if (row.belief) {
      const y = chart.yInside(row.belief.mean);
      if (last === null) path += `M${x} ${y}`;
      else if (last !== y) path += `H${x}V${y}`;
      last = y;
    }
    if (rollbacks.has(row.id)) {
      if (last !== null) path += `H${chart.xAfter(row.id)}`;
      last = null;
    }
  }
  if (last !== null) path += `H${chart.xOf(chart.lastId)}`;
  return path !== '' && html`<path class="belief" d="${path}" />`;
}

export function driftLines({ marks }: Chart): Content {
  return marks
    .filter(({ row }) => isDrift(row))
    .map(({ x }) => html`<line class="drift" x1="${percent(x)}" x2="${percent(x)}" y1="0" y2="${percent(1000 - STRIP)}" />`);
}

/** A diamond at the level an audit found, with its interval; hollow where the audit took the keep back. */
export function auditMarks({ levels, xAfter, yInside }: Chart): Content {
  return levels.map(({ number, after, audit, value, low, high }) => {
    const x = percent(xAfter(after));
    const ends = [low, high].map((bound) => percent(yInside(bound)));
    const at = (y: string, shape: string, path: string): Markup =>
      html`<svg x="${x}" y="${y}" overflow="visible"><path class="${shape}" d="${path}" /></svg>`;
    return html`<a class="audit-mark ${audit.rolledBack && 'taken-back'}" href="#audit-${number}" aria-label="audit after #${after}"
      ><line x1="${x}" x2="${x}" y1="${ends[0]}" y2="${ends[1]}" />${ends.map((end) => at(end, 'cap', 'M-4 0H4'))}${at(
        percent(yInside(value)),
        'diamond',
        'M0-6L6 0L0 6L-6 0Z',
      )}</a
    >`;
  });
}

export function references(chart: Chart, { totals, objective, decimals }: ChartInput): Content {
  const { baseline, incumbent } = totals;
  if (baseline === null) return null;
  const down = objective.direction === 'minimize';
  const start = chart.yOf(baseline.score);
  const line = html`<line class="baseline" x1="0" x2="100%" y1="${percent(start)}" y2="${percent(start)}" />`;
  // The last audit's mark stands at the right edge.
  const x = chart.levels.some(({ after }) => after >= chart.lastId) ? '98%' : '100%';
  const label = (y: number, above: boolean, kind: string, text: string): Markup =>
    html`<text class="mark-label ${kind}" x="${x}" y="${percent(y)}" dy="${above ? -9 : 21}" text-anchor="end">${text}</text>`;
  const startLabel = label(start, down, 'baseline-label', `baseline ${formatNumber(baseline.score, decimals)}`);
  if (incumbent === null || incumbent.id === baseline.id) return [line, startLabel];
  return [
    line,
    startLabel,
    label(chart.yInside(incumbent.score), !down, 'best-label', `best ${formatNumber(incumbent.score, decimals)} · #${incumbent.id}`),
  ];
}
