import type { Direction } from '../experiment.ts';
import { decimalsFor, formatNumber, formatPercent, formatSeconds, formatSigned, plural, shortCommit } from './format.ts';
import { deltaMark, painter, VERDICT_STYLE } from './paint.ts';
import { rankKeeps, totalsOf, type RankedKeep, type ScoredRow } from './rank.ts';
import { renderTable, type Column } from './table.ts';
import { oneLine } from './text.ts';
import type { Row, TextOptions } from './types.ts';

/** What the objective is called, and which way it points. */
export interface ObjectiveView {
  readonly label: string;
  readonly direction: Direction;
}

/** Every experiment on one line, oldest first. */
export function renderLog(rows: readonly Row[], objective: ObjectiveView, options: TextOptions = {}): string {
  if (rows.length === 0) return 'No experiments yet.\n';
  const paint = painter(options.colour);
  const decimals = decimalsFor(rows);
  const { direction } = objective;
  const label = oneLine(objective.label);
  const columns: Column<Row>[] = [
    { header: '#', align: 'right', cell: (row) => String(row.id) },
    { header: 'verdict', cell: (row) => row.verdict, style: (row) => VERDICT_STYLE[row.verdict] },
    { header: label, align: 'right', cell: (row) => (row.score === null ? '–' : formatNumber(row.score, decimals)) },
    {
      header: 'delta  ',
      align: 'right',
      cell: (row) => (row.delta === null ? '–  ' : `${formatSigned(row.delta, decimals)} ${deltaMark(row.delta, direction)}`),
      style: (row) => (deltaMark(row.delta, direction) === '▲' ? 'green' : undefined),
    },
    { header: 'title', flexible: true, cell: (row) => oneLine(row.title) },
    { header: 'reason', dropOrder: 1, cell: (row) => oneLine(row.reason.code), style: () => 'dim' },
    { header: 'time', align: 'right', dropOrder: 2, cell: (row) => formatSeconds(row.seconds) },
    { header: 'commit', dropOrder: 3, cell: (row) => shortCommit(row.candidate), style: () => 'dim' },
  ];
  const legend = paint('dim', `▲ better  ▼ worse than the incumbent of its time; ${label}: ${wordFor(direction)}`);
  return [...renderTable(rows, columns, paint, options.width), '', legend, ''].join('\n');
}

/** The keeps by what each brought, then one line on the whole run. */
export function renderRank(rows: readonly Row[], objective: ObjectiveView, options: TextOptions = {}): string {
  const paint = painter(options.colour);
  const decimals = decimalsFor(rows);
  const percent = (fraction: number | null): string => (fraction === null ? '–' : formatPercent(fraction));
  const columns: Column<RankedKeep>[] = [
    { header: 'rank', align: 'right', cell: (keep) => String(keep.rank) },
    { header: '#', align: 'right', cell: (keep) => String(keep.row.id) },
    { header: 'gain', align: 'right', cell: (keep) => formatNumber(keep.gain, decimals), style: () => 'green' },
    { header: 'gain %', align: 'right', cell: (keep) => percent(keep.fraction), style: () => 'green' },
    {
      header: oneLine(objective.label),
      align: 'right',
      cell: (keep) => (keep.row.score === null ? '–' : formatNumber(keep.row.score, decimals)),
    },
    { header: 'total %', align: 'right', dropOrder: 2, cell: (keep) => percent(keep.cumulative) },
    { header: 'title', flexible: true, cell: (keep) => oneLine(keep.row.title) },
    { header: 'commit', dropOrder: 1, cell: (keep) => shortCommit(keep.row.candidate), style: () => 'dim' },
  ];
  const ranked = rankKeeps(rows, objective.direction);
  const table = ranked.length === 0 ? ['Nothing kept yet besides the baseline.'] : renderTable(ranked, columns, paint, options.width);
  return [...table, '', summaryLine(rows, objective, decimals), ''].join('\n');
}

/** `val_bpb 0.9979 → 0.9755 (2.24% better), 60 experiments, 9 kept, 5 crashed`. */
function summaryLine(rows: readonly Row[], objective: ObjectiveView, decimals = decimalsFor(rows)): string {
  const totals = totalsOf(rows, objective.direction);
  const score = (row: ScoredRow | null): string => (row === null ? '–' : formatNumber(row.score, decimals));
  const gained = totals.fraction === null ? '' : ` (${formatPercent(totals.fraction)} better)`;
  const parts = [plural(totals.experiments, 'experiment'), `${totals.counts.keep} kept`, `${totals.counts.crash} crashed`];
  return `${oneLine(objective.label)} ${score(totals.baseline)} → ${score(totals.incumbent)}${gained}, ${parts.join(', ')}`;
}

export function wordFor(direction: Direction): string {
  return direction === 'minimize' ? 'lower is better' : 'higher is better';
}
