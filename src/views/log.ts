import type { Direction } from '../experiment.ts';
import type { AuditRecord } from '../ledger/records.ts';
import type { Reviews } from '../ledger/reviews.ts';
import { claimOf, claimText } from './claim.ts';
import { IMPORTED_TEXT, isDrift, isImported, rolledBack } from './incumbent-steps.ts';
import { decimalsForEstimates, formatEstimate, formatInterval, formatProbability } from './estimate.ts';
import { decimalsFor, formatNumber, formatPercent, formatSeconds, formatSigned, plural, shortCommit, wordFor } from './format.ts';
import { deltaMark, painter, VERDICT_STYLE } from './paint.ts';
import { standingIn, STANDING_STYLE } from './reviews.ts';
import { lostText } from './lost.ts';
import { rankKeeps, totalsOf, type RankedKeep, type ScoredRow } from './rank.ts';
import { renderTable, type Column } from './table.ts';
import { oneLine } from './text.ts';
import type { Row, TextOptions } from './types.ts';

/** What the objective is called, and which way it points. */
export interface ObjectiveView {
  readonly label: string;
  readonly direction: Direction;
}

export interface LogOptions extends TextOptions {
  /** The audits of the run, oldest first. */
  readonly audits?: readonly AuditRecord[];
  /** What humans decided. */
  readonly reviews?: Reviews;
}

/** Every experiment on one line, oldest first. */
export function renderLog(rows: readonly Row[], objective: ObjectiveView, { audits = [], ...options }: LogOptions = {}): string {
  return renderRows(rows, objective, rolledBack(rows, audits), options);
}

/** The same where it is known already which keeps an audit took back. */
export function renderRows(
  rows: readonly Row[],
  objective: ObjectiveView,
  undone: ReadonlySet<number>,
  { reviews, ...options }: Omit<LogOptions, 'audits'> = {},
): string {
  if (rows.length === 0) return 'No experiments yet.\n';
  const paint = painter(options.colour);
  const columns = columnsOf(rows, objective, undone, reviews).map(dimControls);
  const label = oneLine(objective.label);
  const lost = lostText(rows);
  const legend = [
    `▲ better  ▼ worse than the incumbent of its time; ${label}: ${wordFor(objective.direction)}`,
    ...(rows.some((row) => row.estimate) ? ['estimate: the change as the gates believe it, with its 95% interval'] : []),
    ...(rows.some((row) => row.kind === 'control') ? ['control: the incumbent again, to see whether the machine drifts; no attempt'] : []),
    ...(rows.some(isDrift) ? ['drift: a control far off what was believed; the run goes on from its figure'] : []),
    ...(lost === null ? [] : [`lost: ${lost}`]),
    ...(rows.some(isImported) ? [IMPORTED_TEXT] : []),
    ...(rows.some((row) => undone.has(row.id)) ? ['↩ kept, then rolled back by an audit'] : []),
  ];
  return [...renderTable(rows, columns, paint, options.width), '', ...legend.map((line) => paint('dim', line)), ''].join('\n');
}

function columnsOf(
  rows: readonly Row[],
  { label, direction }: ObjectiveView,
  undone: ReadonlySet<number>,
  reviews: Reviews | undefined,
): Column<Row>[] {
  const decimals = decimalsFor(rows);
  const hasEstimates = rows.some((row) => row.estimate);
  return [
    { header: '#', align: 'right', cell: (row) => String(row.id) },
    {
      header: 'verdict',
      cell: (row) => `${isDrift(row) ? 'drift' : row.kind === 'control' ? 'control' : row.verdict}${undone.has(row.id) ? ' ↩' : ''}`,
      style: (row) => (undone.has(row.id) || isDrift(row) ? 'yellow' : VERDICT_STYLE[row.verdict]),
    },
    ...reviewColumn<Row>(rows, reviews, (row) => row),
    { header: oneLine(label), align: 'right', cell: (row) => (row.score === null ? '–' : formatNumber(row.score, decimals)) },
    {
      header: 'delta  ',
      align: 'right',
      ...(hasEstimates && { dropOrder: 5 }),
      cell: (row) => (row.delta === null ? '–  ' : `${formatSigned(row.delta, decimals)} ${deltaMark(row.delta, direction)}`),
      style: (row) => (deltaMark(row.delta, direction) === '▲' ? 'green' : undefined),
    },
    ...(hasEstimates ? estimateColumns(rows, decimals) : []),
    { header: 'title', flexible: true, cell: (row) => `${row.again === undefined ? '' : `again of #${row.again}: `}${oneLine(row.title)}` },
    { header: 'reason', dropOrder: 1, cell: (row) => oneLine(row.reason.code), style: () => 'dim' },
    ...(rows.some((row) => row.lost) ? [LOST] : []),
    { header: 'time', align: 'right', dropOrder: 2, cell: (row) => (isImported(row) ? '–' : formatSeconds(row.seconds)) },
    { header: 'commit', dropOrder: 3, cell: (row) => shortCommit(row.candidate), style: () => 'dim' },
  ];
}

const LOST: Column<Row> = { header: 'lost', align: 'right', dropOrder: 1, cell: ({ lost }) => (lost === undefined ? '' : String(lost)) };

function estimateColumns(rows: readonly Row[], decimals: number): Column<Row>[] {
  const digits = decimalsForEstimates(rows, decimals);
  const repeats: Column<Row>[] = [
    { header: 'n', align: 'right', dropOrder: 4, cell: (row) => (row.n === undefined ? '–' : String(row.n)) },
  ];
  return [
    { header: 'estimate', align: 'right', cell: ({ estimate }) => (estimate ? formatEstimate(estimate, digits) : '–') },
    { header: 'P(gain)', align: 'right', dropOrder: 6, cell: ({ estimate }) => formatProbability(estimate?.pGain) },
    ...(rows.some((row) => (row.n ?? 0) > 1) ? repeats : []),
  ];
}

/** How each stands with humans; no column where they have nothing to do with it. */
function reviewColumn<T>(rows: readonly Row[], reviews: Reviews | undefined, rowOf: (entry: T) => Row): Column<T>[] {
  if (reviews === undefined || !rows.some((row) => standingIn(reviews, row) !== null)) return [];
  const style = (entry: T) => {
    const standing = standingIn(reviews, rowOf(entry));
    return standing === null ? undefined : STANDING_STYLE[standing];
  };
  return [{ header: 'review', cell: (entry) => standingIn(reviews, rowOf(entry)) ?? '', style }];
}

function dimControls(column: Column<Row>): Column<Row> {
  return { ...column, style: (row) => (row.kind === 'control' && !isDrift(row) ? 'dim' : column.style?.(row)) };
}

/** The keeps by what each brought, then one line on the whole run. */
export function renderRank(rows: readonly Row[], objective: ObjectiveView, { audits = [], reviews, ...options }: LogOptions = {}): string {
  const paint = painter(options.colour);
  const ranked = rankKeeps(rows, objective.direction, audits);
  const table =
    ranked.length === 0
      ? ['Nothing kept yet besides the baseline.']
      : renderTable(ranked, rankColumns(ranked, rows, objective, reviews), paint, options.width);
  const undone = [...rolledBack(rows, audits)].map((id) => `#${id}`);
  const notes = [
    ...basis(ranked),
    ...(rows.some(isImported) ? [IMPORTED_TEXT] : []),
    ...(rows.some(isDrift) ? ['the machine or the data drifted during the run: gains are added up keep by keep'] : []),
    ...(undone.length > 0 ? [`rolled back by an audit and not ranked: ${undone.join(', ')}`] : []),
  ];
  return [...table, '', ...notes.map((line) => paint('dim', line)), summaryLine(rows, objective, audits), ''].join('\n');
}

function rankColumns(
  ranked: readonly RankedKeep[],
  rows: readonly Row[],
  { label }: ObjectiveView,
  reviews: Reviews | undefined,
): Column<RankedKeep>[] {
  const decimals = decimalsFor(rows);
  const percent = (fraction: number | null): string => (fraction === null ? '–' : formatPercent(fraction));
  const isEstimated = ranked.some((keep) => keep.estimated !== null);
  const digits = decimalsForEstimates(rows, decimals);
  const worth = ({ worth: value, estimated }: RankedKeep): string =>
    estimated === null ? formatNumber(value, digits) : formatInterval(estimated, digits);
  const estimated: Column<RankedKeep>[] = [
    { header: 'raw gain', align: 'right', dropOrder: 3, cell: (keep) => formatNumber(keep.gain, decimals), style: () => 'dim' },
    { header: 'P(gain)', align: 'right', dropOrder: 4, cell: ({ row }) => formatProbability(row.estimate?.pGain) },
    { header: 'n', align: 'right', dropOrder: 5, cell: ({ row }) => (row.n === undefined ? '–' : String(row.n)) },
  ];
  return [
    { header: 'rank', align: 'right', cell: (keep) => String(keep.rank) },
    { header: '#', align: 'right', cell: (keep) => String(keep.row.id) },
    ...reviewColumn<RankedKeep>(
      ranked.map(({ row }) => row),
      reviews,
      ({ row }) => row,
    ),
    { header: 'gain', align: 'right', cell: isEstimated ? worth : (keep) => formatNumber(keep.gain, decimals), style: () => 'green' },
    { header: 'gain %', align: 'right', cell: (keep) => percent(keep.fraction), style: () => 'green' },
    ...(isEstimated ? estimated : []),
    { header: oneLine(label), align: 'right', cell: (keep) => (keep.row.score === null ? '–' : formatNumber(keep.row.score, decimals)) },
    { header: 'total %', align: 'right', dropOrder: 2, cell: (keep) => percent(keep.cumulative) },
    { header: 'title', flexible: true, cell: (keep) => oneLine(keep.row.title) },
    { header: 'commit', dropOrder: 1, cell: (keep) => shortCommit(keep.row.candidate), style: () => 'dim' },
  ];
}

/** What the ranking goes by; nothing to say where no gate estimates. */
function basis(ranked: readonly RankedKeep[]): string[] {
  const raw = ranked.filter((keep) => keep.estimated === null).map(({ row }) => `#${row.id}`);
  if (raw.length === ranked.length) return [];
  const rest = raw.length === 0 ? '' : `; by their raw gain, for want of an estimate: ${raw.join(', ')}`;
  return [`ranked by the estimated gain, shrunken towards none, with its 95% interval${rest}`];
}

/** `val_bpb 0.9979 → 0.9755 (2.24% better), 60 experiments, 9 kept, 5 crashed`. */
function summaryLine(rows: readonly Row[], objective: ObjectiveView, audits: readonly AuditRecord[]): string {
  const decimals = decimalsFor(rows);
  const totals = totalsOf(rows, objective.direction, audits);
  const claim = claimOf(rows, audits, objective.direction);
  const score = (row: ScoredRow | null): string => (row === null ? '–' : formatNumber(row.score, decimals));
  const gained = totals.fraction === null || claim !== null ? '' : ` (${formatPercent(totals.fraction)} better)`;
  const kept = `${totals.counts.keep} kept${totals.rolledBack > 0 ? ` (${totals.rolledBack} rolled back)` : ''}`;
  const parts = [
    ...(claim === null ? [] : [claimText(claim, decimals)]),
    plural(totals.experiments, 'experiment'),
    kept,
    `${totals.counts.crash} crashed`,
  ];
  return `${oneLine(objective.label)} ${score(totals.baseline)} → ${score(totals.incumbent)}${gained}, ${parts.join(', ')}`;
}
