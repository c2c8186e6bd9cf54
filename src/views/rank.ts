/** A summary of experiments: totals, and the keeps ranked by their gains. */
import { gain, type Direction, type Verdict } from '../experiment.ts';
import type { AuditRecord } from '../ledger/records.ts';
import { incumbentSteps, isDrift, rolledBack } from './incumbent-steps.ts';
import { gainOf, intervalOf, type Interval } from './estimate.ts';
import type { Row } from './types.ts';

export interface RankedKeep {
  readonly rank: number;
  readonly row: Row;
  /** What it is ranked by: the estimated gain where there is one, else the raw one; positive is better. */
  readonly worth: number;
  /** How much better it scored than the incumbent of its time. */
  readonly gain: number;
  /** What the gates believe of that gain. */
  readonly estimated: Interval | null;
  /** What it is ranked by as a fraction of that incumbent's score; null where that was 0. */
  readonly fraction: number | null;
  /** Raw gain from the baseline up to and including this keep, as a fraction of the baseline. */
  readonly cumulative: number | null;
}

/** A row that was measured. */
export type ScoredRow = Row & { readonly score: number };

/** Counts are of attempts: neither the baseline, which nobody proposed, nor a control is one. */
export interface Totals {
  readonly experiments: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly controls: number;
  /** Keeps that audits took back; they are counted as keeps too. */
  readonly rolledBack: number;
  readonly baseline: ScoredRow | null;
  /** At its score as last measured: after drift that of the control. */
  readonly incumbent: ScoredRow | null;
  /** From the baseline to the incumbent; positive is better. Where the machine drifted, what the keeps add up to. */
  readonly gain: number | null;
  readonly fraction: number | null;
  readonly hasDrifted: boolean;
  /** Attempts after the last keep. */
  readonly sinceKeep: number;
  /** Controls and audits included. */
  readonly seconds: number;
  readonly usd: number;
}

function fractionOf(amount: number, reference: number): number | null {
  return reference === 0 ? null : amount / Math.abs(reference);
}

/** Keeps that improved on an incumbent and were not rolled back, the largest gain first; not the baseline. */
export function rankKeeps(rows: readonly Row[], direction: Direction, audits: readonly AuditRecord[] = []): RankedKeep[] {
  const start = baselineOf(rows)?.score ?? null;
  let total = 0;
  const keeps = standingKeeps(rows, audits).flatMap((row) => {
    if (row.delta === null) return [];
    const before = row.score - row.delta;
    const won = gain(row.score, before, direction);
    const estimated = row.estimate ? gainOf(intervalOf(row.estimate), direction) : null;
    const worth = estimated?.value ?? won;
    total += won;
    return [
      {
        row,
        worth,
        gain: won,
        estimated,
        fraction: fractionOf(worth, before),
        cumulative: start === null ? null : fractionOf(total, start),
      },
    ];
  });
  return keeps.sort((a, b) => b.worth - a.worth || a.row.id - b.row.id).map((keep, index) => ({ rank: index + 1, ...keep }));
}

export function totalsOf(rows: readonly Row[], direction: Direction, audits: readonly AuditRecord[] = []): Totals {
  const counts = { keep: 0, discard: 0, crash: 0, review: 0 };
  const baseline = baselineOf(rows);
  const attempts = rows.filter((row) => row.kind !== 'control');
  for (const row of attempts) if (row !== baseline) counts[row.verdict] += 1;
  const lastKeep = attempts.findLastIndex(isScoredKeep);
  const incumbent = incumbentOf(rows, audits);
  const hasDrifted = rows.some(isDrift);
  const won = gainSince(baseline, incumbent, direction, hasDrifted ? standingKeeps(rows, audits) : null);
  return {
    experiments: attempts.length - (baseline === null ? 0 : 1),
    counts,
    controls: rows.length - attempts.length,
    rolledBack: rolledBack(rows, audits).size,
    baseline,
    incumbent,
    gain: won,
    fraction: won === null || baseline === null ? null : fractionOf(won, baseline.score),
    hasDrifted,
    sinceKeep: lastKeep === -1 ? attempts.length : attempts.length - 1 - lastKeep,
    seconds: rows.reduce((sum, row) => sum + row.seconds, 0) + audits.reduce((sum, record) => sum + secondsOf(record), 0),
    usd: rows.reduce((sum, row) => sum + (row.usd ?? 0), 0),
  };
}

function incumbentOf(rows: readonly Row[], audits: readonly AuditRecord[]): ScoredRow | null {
  const step = incumbentSteps(rows, audits).at(-1);
  const row = step && rows.find(({ id }) => id === step.id);
  return row === undefined || step === undefined ? null : { ...row, score: step.score };
}

/** Scores from before and after a drift cannot be compared; each keep was compared with the incumbent of its time. */
function gainSince(
  baseline: ScoredRow | null,
  incumbent: ScoredRow | null,
  direction: Direction,
  keeps: readonly Row[] | null,
): number | null {
  if (baseline === null || incumbent === null) return null;
  if (keeps === null) return gain(incumbent.score, baseline.score, direction);
  return keeps.reduce((sum, { delta }) => sum + (delta === null ? 0 : gain(delta, 0, direction)), 0);
}

function standingKeeps(rows: readonly Row[], audits: readonly AuditRecord[]): ScoredRow[] {
  const undone = rolledBack(rows, audits);
  return rows.filter(isScoredKeep).filter(({ id }) => !undone.has(id));
}

function secondsOf({ audit: { trials } }: AuditRecord): number {
  return [...trials.final, ...trials.anchor].reduce((sum, trial) => sum + trial.seconds, 0);
}

/** The first keep: an earlier baseline that crashed is none. */
function baselineOf(rows: readonly Row[]): ScoredRow | null {
  return rows.find(isScoredKeep) ?? null;
}

function isScoredKeep(row: Row): row is ScoredRow {
  return row.verdict === 'keep' && row.score !== null;
}
