import type { Git } from '../git/git.ts';
import type { Summary } from '../plugin.ts';
import { shortRowOf } from '../views/short-rows.ts';
import type { ShortRow } from '../views/short-row.ts';
import { ledgerRef } from './ledger.ts';
import { readSummary } from './message.ts';

export interface ShortPage {
  /** Oldest first. */
  readonly rows: readonly ShortRow[];
  /** Experiments of the run in all. */
  readonly total: number;
}

export interface ShortRange {
  /** Only those settled after this experiment. */
  readonly since?: number;
  /** With `since` the first so many, else the last. */
  readonly limit?: number;
}

/** Experiments as short rows, in the order in which they were settled, read with one git process and without their records. */
export async function readShortRows(git: Git, run: string, { since, limit = Infinity }: ShortRange = {}): Promise<ShortPage> {
  const out = await git.run(['log', '--first-parent', '--reverse', '-z', '--format=%ct%n%B', ledgerRef(run), '--']);
  const found = out.split('\0').flatMap((entry) => {
    const end = entry.indexOf('\n');
    const summary = readSummary(entry.slice(end + 1));
    return summary === null ? [] : [{ summary, at: Number(entry.slice(0, end)) }];
  });
  const first = since === undefined ? 0 : positionAfter(found, since);
  const from = since === undefined ? Math.max(0, found.length - limit) : first;
  const chosen = found.slice(from, Math.min(found.length, from + limit));
  return { rows: chosen.map(({ summary, at }) => shortRowOf(withKind(summary), at)), total: found.length };
}

/** Where several experiments run at once, they are not settled in the order of their numbers. */
function positionAfter(found: readonly { readonly summary: Summary }[], since: number): number {
  const exact = found.findIndex(({ summary }) => summary.id === since);
  if (exact >= 0) return exact + 1;
  const later = found.findIndex(({ summary }) => summary.id > since);
  return later < 0 ? found.length : later;
}

/** Older versions did not write down what an experiment was. */
function withKind(summary: Summary & { readonly kind?: Summary['kind']; readonly control?: true }): Summary {
  if (summary.kind !== undefined) return summary;
  return { ...summary, kind: summary.control ? 'control' : summary.id === 0 ? 'baseline' : 'change' };
}
