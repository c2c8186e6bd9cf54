/** Does the seed of a trial explain how scores spread, and is what a seed does the same for every commit? */
import { ensureFinite } from './check.ts';
import { mean, sumOfSquares } from './descriptive.ts';

/** One trial of a commit. */
export interface Seeded {
  readonly seed: number;
  readonly score: number;
}

/** The spread around the means of the seeds, and of those means, as sums of squares with their degrees of freedom. */
export interface SeedSpread {
  readonly same: { readonly ss: number; readonly df: number };
  readonly other: { readonly ss: number; readonly df: number };
}

/** A seed that leaves no more than this share of the variance explains it. */
const LEFT = 0.05;
/** With contrasts of three commits or more there is less chance in them. */
const LEFT_LATER = 0.25;

export function seedSpread(trials: readonly Seeded[]): SeedSpread {
  const bySeed = Map.groupBy(trials, ({ seed }) => seed);
  const groups = [...bySeed.values()].map((group) => group.map(({ score }) => score));
  ensureFinite(groups.flat(), 'scores');
  const ss = groups.reduce((sum, group) => sum + sumOfSquares(group), 0);
  const all = trials.length === 0 ? 0 : sumOfSquares(trials.map(({ score }) => score));
  return {
    same: { ss, df: trials.length - groups.length },
    other: { ss: Math.max(0, all - ss), df: Math.max(0, groups.length - 1) },
  };
}

/**
 * Do trials on one seed agree so much better than trials on different seeds that the seed must be the reason?
 * False without a seed that was used twice, and where nothing varies.
 */
export function seedExplains({ same, other }: SeedSpread): boolean {
  if (same.df === 0 || other.df === 0 || other.ss === 0) return false;
  return same.ss / same.df <= (LEFT * other.ss) / other.df;
}

/** How much a second seed adds to the score of a commit; undefined where the commit was not measured on both. */
export function seedContrast(trials: readonly Seeded[], [first, second]: readonly [number, number]): number | undefined {
  const on = (wanted: number) => trials.filter(({ seed }) => seed === wanted).map(({ score }) => score);
  const [a, b] = [on(first), on(second)];
  return a.length === 0 || b.length === 0 ? undefined : mean(b) - mean(a);
}

/** Is the contrast of two seeds the same for these commits, next to its size? Then trials on one seed can be compared. */
export function isShared(contrasts: readonly number[]): boolean {
  if (contrasts.length < 2) return false;
  const variance = sumOfSquares(contrasts) / (contrasts.length - 1);
  return variance <= (contrasts.length === 2 ? LEFT : LEFT_LATER) * mean(contrasts) ** 2;
}
