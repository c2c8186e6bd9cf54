import type { Verdict } from '../experiment.ts';
import type { Summary } from '../contract/run-view.ts';

/** Reasons of experiments in which an agent was asked and nothing new came to be measured. */
const EMPTY: ReadonlySet<string> = new Set(['NO_CHANGE', 'NO_PROPOSAL', 'DUPLICATE']);

/** What is counted of a run, after so many decisions. */
export interface Tally {
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Trials since the incumbent was last run again for control. */
  readonly sinceControl: number;
  readonly sinceKeep: number;
  readonly crashesInARow: number;
  readonly emptyInARow: number;
  readonly seconds: number;
  readonly slotSeconds: number;
  readonly usd: number;
}

export const NOTHING_COUNTED: Tally = Object.freeze({
  counts: Object.freeze({ keep: 0, discard: 0, crash: 0, review: 0 }),
  sinceControl: 0,
  sinceKeep: 0,
  crashesInARow: 0,
  emptyInARow: 0,
  seconds: 0,
  slotSeconds: 0,
  usd: 0,
});

/** The tally after one more experiment. A baseline, also one that failed, and a control are no attempts. */
export function countIn(
  tally: Tally,
  { kind, verdict, reason, n, seconds, wallSeconds = seconds, trialSeconds = seconds, usd }: Summary,
): Tally {
  const isControl = kind === 'control';
  // A change that is parked for a human has passed every other gate, so it does not count towards the end of the search.
  const sinceKeep = verdict === 'keep' ? 0 : tally.sinceKeep + (isControl || verdict === 'review' ? 0 : 1);
  return {
    counts: kind === 'change' ? Object.freeze({ ...tally.counts, [verdict]: tally.counts[verdict] + 1 }) : tally.counts,
    sinceControl: isControl ? 0 : tally.sinceControl + (n ?? 1),
    sinceKeep,
    // One that was lost says nothing of the change, but where all are lost the run must not use up its proposals.
    crashesInARow: verdict === 'crash' || reason.code === 'TRIAL_LOST' ? tally.crashesInARow + 1 : 0,
    emptyInARow: EMPTY.has(reason.code) ? tally.emptyInARow + 1 : 0,
    seconds: tally.seconds + wallSeconds,
    slotSeconds: tally.slotSeconds + trialSeconds,
    usd: tally.usd + (usd ?? 0),
  };
}
