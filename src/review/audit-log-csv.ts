import { withoutFormula } from '../views/formula.ts';
import { printable } from '../views/text.ts';
import type { AuditLog, AuditRow } from './audit-log.ts';
import { nameOf } from './reviewer.ts';

type Cell = string | number | boolean | null;

/** One column each, with what it holds of an experiment; the last review stands, the earlier ones have a column of their own. */
const COLUMNS: readonly (readonly [string, (row: AuditRow, log: AuditLog) => Cell])[] = [
  ['run', (_row, log) => log.run],
  ['experiment', (row) => row.experiment],
  ['kind', (row) => row.kind],
  ['proposed_at', (row) => row.proposedAt],
  ['proposed_by', (row) => row.proposedBy],
  ['title', (row) => row.title],
  ['hypothesis', (row) => row.hypothesis],
  ['rationale', (row) => row.rationale],
  ['risks', (row) => row.risks.join('\n')],
  ['files', (row) => row.files.join('\n')],
  ['metric', (_row, log) => `${log.objective.label}, ${log.objective.direction}`],
  ['score', (row) => row.score],
  ['delta', (row) => row.delta],
  ['gain', (row) => row.gain?.value ?? null],
  ['gain_low', (row) => row.gain?.low ?? null],
  ['gain_high', (row) => row.gain?.high ?? null],
  ['p_gain', (row) => row.pGain],
  ['trials', (row) => row.trials],
  ['gates', (row) => row.gates.join('\n')],
  ['verdict', (row) => row.verdict],
  ['verdict_code', (row) => row.reason.code],
  ['verdict_reason', (row) => row.reason.text],
  ['decided_at', (row) => row.decidedAt],
  ['rolled_back', (row) => row.rolledBack],
  ['review', (row) => row.standing],
  ['reviewed_by', (row) => lastOf(row, ({ by }) => nameOf(by))],
  ['reviewed_at', (row) => lastOf(row, ({ at }) => at)],
  ['review_note', (row) => lastOf(row, ({ note }) => note)],
  ['earlier_reviews', (row) => row.reviews.slice(0, -1).map(reviewLine).join('\n')],
  ['promoted', (row) => row.promoted.map(({ at, branch, commit }) => `${at} ${branch} ${commit}`).join('\n')],
  ['parent', (row) => row.parent],
  ['commit', (row) => row.candidate],
  ['ledger_entry', (row) => row.entry],
  ['review_entry', (row) => lastOf(row, ({ entry }) => entry)],
];

/** A header and a line an experiment, as RFC 4180 has it. */
export function renderAuditCsv(log: AuditLog): string {
  const lines = log.experiments.map((row) => COLUMNS.map(([, cellOf]) => quoted(cellOf(row, log))).join(','));
  return [COLUMNS.map(([name]) => name).join(','), ...lines, ''].join('\r\n');
}

function lastOf(row: AuditRow, read: (review: AuditRow['reviews'][number]) => string): string {
  const last = row.reviews.at(-1);
  return last === undefined ? '' : read(last);
}

function reviewLine({ at, decision, by, note }: AuditRow['reviews'][number]): string {
  return `${at} ${decision} ${nameOf(by)}${note === '' ? '' : `: ${note}`}`;
}

/** Numbers stay numbers; a text that a spreadsheet would run as a formula gets the quote that makes it text. */
function quoted(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  return `"${withoutFormula(printable(String(cell).toWellFormed())).replaceAll('"', '""')}"`;
}
