import type { SessionRecord } from './records.ts';
import type { Decision, PromotionRecord, ReviewRecord } from './review-records.ts';

/** The decisions on each experiment, oldest first. */
export type Reviews = ReadonlyMap<number, readonly ReviewRecord[]>;

export const NO_REVIEWS: Reviews = new Map();

export function reviewsOf(sessions: readonly SessionRecord[]): Reviews {
  const reviews = new Map<number, ReviewRecord[]>();
  for (const record of sessions) {
    if (record.kind !== 'review') continue;
    const list = reviews.get(record.experiment);
    if (list) list.push(record);
    else reviews.set(record.experiment, [record]);
  }
  return reviews;
}

export function promotionsOf(sessions: readonly SessionRecord[]): PromotionRecord[] {
  return sessions.filter((session) => session.kind === 'promotion');
}

/** The decision that stands: the last one. */
export function standingReview(reviews: Reviews, id: number): ReviewRecord | undefined {
  return reviews.get(id)?.at(-1);
}

/** How each decision is called once it is made. */
export const DECIDED = { approve: 'approved', reject: 'rejected', ask: 'asked' } as const satisfies Record<Decision, string>;

/** Where an experiment that a human decides on stands. */
export type Standing = (typeof DECIDED)[Decision] | 'waiting';

export function standingOf(reviews: Reviews, id: number): Standing {
  const review = standingReview(reviews, id);
  return review === undefined ? 'waiting' : DECIDED[review.decision];
}
