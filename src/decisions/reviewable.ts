import type { Summary } from '../plugin.ts';

/** Is it a change that a person decides on: a keep, or one that is parked? */
export function isReviewable({ verdict, candidate, parent }: Pick<Summary, 'verdict' | 'candidate' | 'parent'>): boolean {
  return (verdict === 'keep' || verdict === 'review') && candidate !== null && candidate !== parent;
}
