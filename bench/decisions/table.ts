import { percent, type Check } from './checks.ts';
import { NAIVE } from './names.ts';
import type { Cell } from './tally.ts';
import type { World } from './worlds.ts';

const HEADINGS = [
  '',
  'true gain e-3',
  'vs naive',
  'claim - truth',
  'no-gain keeps',
  'keeps / 100',
  'ideas',
  'covered',
  'early',
  'audit',
] as const;

/** One world: a line for each policy. */
export function tableOf(world: World, rows: readonly { readonly policy: string; readonly cell: Cell }[]): string {
  const naive = rows.find(({ policy }) => policy === NAIVE)?.cell.gain.mean ?? 0;
  const lines = rows.map(({ policy, cell }) => [
    policy,
    `${(1000 * cell.gain.mean).toFixed(2)} +- ${(1000 * cell.gain.error).toFixed(2)}`,
    // A share of nothing, or of a loss, would tell nothing.
    naive > 0 ? percent(cell.gain.mean / naive - 1) : '-',
    `${cell.bias.mean < 0 ? '-' : '+'}${Math.abs(cell.bias.mean).toFixed(2)} sigma`,
    cell.idleShare === null ? '-' : `${Math.round(100 * cell.idleShare)} %`,
    cell.keeps.toFixed(1),
    cell.ideas.toFixed(0),
    ...[cell.covered, cell.coveredEarly, cell.coveredByAudits].map((share) => (share === null ? '-' : `${(100 * share).toFixed(1)} %`)),
  ]);
  const title = `${world.name}: ${world.about} (${rows[0]?.cell.nights ?? 0} nights)`;
  return [title, ...align([HEADINGS, ...lines])].join('\n');
}

export function checksText(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ what }) => what.length));
  return checks.map(({ what, found, holds }) => `${holds ? 'PASS' : 'FAIL'}  ${what.padEnd(width)}  ${found}`).join('\n');
}

/** Columns as wide as their widest entry; the first stands to the left. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join('  '),
  );
}
