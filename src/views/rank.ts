/** What a list of experiments amounts to: totals, and the keeps in the order of what they brought. */
import { gain, type Direction, type Verdict } from '../experiment.ts';
import type { Row } from './types.ts';

export interface RankedKeep {
  readonly rank: number;
  readonly row: Row;
  /** How much better than the incumbent of its time; positive is better. */
  readonly gain: number;
  /** The same as a fraction of that incumbent's score; null where that was 0. */
  readonly fraction: number | null;
  /** Gain from the baseline up to and including this keep, as a fraction of the baseline. */
  readonly cumulative: number | null;
}

/** A row that was measured. */
export type ScoredRow = Row & { readonly score: number };

/** Counts are of attempts: the baseline, which nobody proposed, is not one. */
export interface Totals {
  readonly experiments: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly baseline: ScoredRow | null;
  readonly incumbent: ScoredRow | null;
  /** From the baseline to the incumbent; positive is better. */
  readonly gain: number | null;
  readonly fraction: number | null;
  /** Experiments after the last keep. */
  readonly sinceKeep: number;
  readonly seconds: number;
  readonly usd: number;
}

function fractionOf(amount: number, reference: number): number | null {
  return reference === 0 ? null : amount / Math.abs(reference);
}

/** Keeps that improved on an incumbent, the largest gain first; the baseline has nothing to improve on. */
export function rankKeeps(rows: readonly Row[], direction: Direction): RankedKeep[] {
  const start = baselineOf(rows)?.score ?? null;
  const keeps = rows.flatMap((row) => {
    if (row.verdict !== 'keep' || row.score === null || row.delta === null) return [];
    const before = row.score - row.delta;
    const won = gain(row.score, before, direction);
    const total = start === null ? null : fractionOf(gain(row.score, start, direction), start);
    return [{ row, gain: won, fraction: fractionOf(won, before), cumulative: total }];
  });
  return keeps.sort((a, b) => b.gain - a.gain || a.row.id - b.row.id).map((keep, index) => ({ rank: index + 1, ...keep }));
}

export function totalsOf(rows: readonly Row[], direction: Direction): Totals {
  const counts = { keep: 0, discard: 0, crash: 0, review: 0 };
  const baseline = baselineOf(rows);
  for (const row of rows) if (row !== baseline) counts[row.verdict] += 1;
  const lastKeep = rows.findLastIndex(isScoredKeep);
  const incumbent = rows.findLast(isScoredKeep) ?? null;
  const from = baseline?.score ?? null;
  const to = incumbent?.score ?? null;
  const won = from === null || to === null ? null : gain(to, from, direction);
  return {
    experiments: rows.length - (baseline === null ? 0 : 1),
    counts,
    baseline,
    incumbent,
    gain: won,
    fraction: won === null || from === null ? null : fractionOf(won, from),
    sinceKeep: lastKeep === -1 ? rows.length : rows.length - 1 - lastKeep,
    seconds: rows.reduce((sum, row) => sum + row.seconds, 0),
    usd: rows.reduce((sum, row) => sum + (row.usd ?? 0), 0),
  };
}

/** The first keep: an earlier baseline that crashed is none. */
function baselineOf(rows: readonly Row[]): ScoredRow | null {
  return rows.find(isScoredKeep) ?? null;
}

function isScoredKeep(row: Row): row is ScoredRow {
  return row.verdict === 'keep' && row.score !== null;
}
