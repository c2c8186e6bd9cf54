import { isReviewable } from '../decisions/reviewable.ts';
import { gain, type Direction } from '../experiment.ts';
import type { RunRecord } from '../ledger/read.ts';
import type { AuditRecord } from '../ledger/records.ts';
import type { ReviewRecord } from '../ledger/review-records.ts';
import { reviewsOf, standingOf, type Reviews, type Standing } from '../ledger/reviews.ts';
import type { Summary } from '../plugin.ts';
import { auditsOf, rolledBack } from '../views/incumbent-steps.ts';
import { gainOf, intervalOf, type Interval } from '../views/estimate.ts';

/** A change that a human decides on: one that was kept, or one that is parked. */
export interface Reviewable {
  readonly row: Summary;
  readonly isParked: boolean;
  /** An audit took it back. */
  readonly isRolledBack: boolean;
  /** What the gates believe of the gain, positive when it is one. */
  readonly estimated: Interval | null;
  /** What it is ranked by: the estimated gain, else the raw one; null where nothing was measured. */
  readonly worth: number | null;
  readonly standing: Standing;
  /** Oldest first. */
  readonly reviews: readonly ReviewRecord[];
}

interface QueueInput {
  readonly summaries: readonly Summary[];
  readonly reviews: Reviews;
  readonly audits: readonly AuditRecord[];
  readonly direction: Direction;
}

export function reviewQueueOf({ summaries, sessions, opening }: Pick<RunRecord, 'summaries' | 'sessions' | 'opening'>): Reviewable[] {
  return reviewQueue({ summaries, reviews: reviewsOf(sessions), audits: auditsOf(sessions), direction: opening.objective.direction });
}

/** Everything a human can decide on, the largest effect first; what was never measured comes last. */
export function reviewQueue({ summaries, reviews, audits, direction }: QueueInput): Reviewable[] {
  const undone = rolledBack(summaries, audits);
  return summaries
    .filter(isReviewable)
    .map((row) => ({
      row,
      isParked: row.verdict === 'review',
      isRolledBack: undone.has(row.id),
      ...worthOf(row, direction),
      standing: standingOf(reviews, row.id),
      reviews: reviews.get(row.id) ?? [],
    }))
    .toSorted((a, b) => (b.worth ?? -Infinity) - (a.worth ?? -Infinity) || a.row.id - b.row.id);
}

/** Not decided yet, or asked about; what an audit took back waits for nobody. */
export function isOpen({ standing, isRolledBack }: Reviewable): boolean {
  return !isRolledBack && (standing === 'waiting' || standing === 'asked');
}

function worthOf({ estimate, delta }: Summary, direction: Direction): Pick<Reviewable, 'estimated' | 'worth'> {
  const estimated = estimate ? gainOf(intervalOf(estimate), direction) : null;
  return { estimated, worth: estimated?.value ?? (delta === null ? null : gain(delta, 0, direction)) };
}
