/** What humans decided, in words. */
import type { ReviewRecord } from '../ledger/review-records.ts';
import { DECIDED, standingOf, standingReview, type Reviews, type Standing } from '../ledger/reviews.ts';
import { formatTime } from './format.ts';
import type { Row } from './types.ts';
import { oneLine, wrap } from './text.ts';

/** `approved by Ada Lovelace, 2026-01-31 22:04 UTC: looks right` */
export function reviewText({ decision, by, at, note }: ReviewRecord): string {
  return `${DECIDED[decision]} by ${oneLine(by.name)}, ${formatTime(at)}${note === '' ? '' : `: ${oneLine(note)}`}`;
}

/** One line a decision, oldest first; the last one stands. */
export function reviewLines(reviews: readonly ReviewRecord[], width: number | undefined): string {
  return reviews.map((review) => wrap(reviewText(review), width, '  ')).join('\n');
}

/** How a change of the run stands with humans; null where nothing was decided and nobody was asked. */
export function standingIn(reviews: Reviews, { id, verdict }: Pick<Row, 'id' | 'verdict'>): Standing | null {
  return verdict === 'review' || standingReview(reviews, id) !== undefined ? standingOf(reviews, id) : null;
}

export type StandingCounts = Readonly<Record<Standing, number>>;

/** How many changes wait, and how many stand at each decision. */
export function countStandings(rows: readonly Row[], reviews: Reviews): StandingCounts {
  const counts = { waiting: 0, approved: 0, rejected: 0, asked: 0 };
  for (const row of rows) {
    const standing = standingIn(reviews, row);
    if (standing !== null) counts[standing]++;
  }
  return counts;
}

/** `2 waiting, 3 approved`; null where there is nothing to say. */
export function standingsText(counts: StandingCounts): string | null {
  const names = ['waiting', 'asked', 'approved', 'rejected'] as const;
  const parts = names.filter((name) => counts[name] > 0).map((name) => `${counts[name]} ${name}`);
  return parts.length === 0 ? null : parts.join(', ');
}

export const STANDING_STYLE = { waiting: 'magenta', asked: 'yellow', approved: 'green', rejected: 'red' } as const satisfies Record<
  Standing,
  string
>;
