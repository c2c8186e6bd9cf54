/**
 * Is a candidate not worse than the anchor by the margin or more? Each test passes where the upper bound of the worsening is below it.
 * Worse is positive: compare with a frozen anchor, because small losses against each new incumbent add up.
 */
import { bootstrapQuantileRatio, type QuantileRatioOptions } from './bootstrap.ts';
import { ensure, ensureFinite, ensureProbability } from './check.ts';
import { mean, standardDeviation } from './descriptive.ts';
import { normalQuantile } from './normal.ts';
import { studentQuantile } from './student.ts';

export interface NonInferiority {
  /** The measured worsening. */
  readonly estimate: number;
  /** Its one-sided upper bound at confidence 1 - alpha. */
  readonly upper: number;
  readonly pass: boolean;
}

/** Items whose answer changed between two commits, of `n` items that both answered. */
export interface PairedCounts {
  /** Right before, wrong now. */
  readonly broken: number;
  /** Wrong before, right now. */
  readonly fixed: number;
  readonly n: number;
}

/** Counts the changes between two lists of right (true) and wrong answers to the same items in the same order. */
export function countChanges(anchor: readonly boolean[], candidate: readonly boolean[]): PairedCounts {
  ensure(anchor.length === candidate.length, 'paired answers must be to the same items', `${anchor.length} and ${candidate.length}`);
  let broken = 0;
  let fixed = 0;
  anchor.forEach((right, i) => {
    if (right && !candidate[i]) broken++;
    if (!right && candidate[i]) fixed++;
  });
  return { broken, fixed, n: anchor.length };
}

interface Margin {
  /** The largest worsening that is not tolerated, in the unit of the estimate. */
  readonly margin: number;
  readonly alpha?: number;
}

/** Paired right/wrong answers, Agresti and Min's adjusted interval: half an item broken and half one fixed are added. Rates from 0 to 1. */
export function nonInferiorBinary({ broken, fixed, n, margin, alpha = 0.05 }: PairedCounts & Margin): NonInferiority {
  ensureCounts(broken, fixed, n);
  ensureProbability(alpha, 'alpha');
  if (n === 0) return { estimate: 0, upper: Infinity, pass: false };
  const b = broken + 0.5;
  const c = fixed + 0.5;
  const total = n + 2;
  const upper = (b - c + normalQuantile(1 - alpha) * Math.sqrt(b + c - (b - c) ** 2 / total)) / total;
  return { estimate: (broken - fixed) / n, upper, pass: upper < margin };
}

/** A mean over the same items: `differences` are candidate minus anchor where a larger value is worse. Needs two. */
export function nonInferiorMean({
  differences,
  margin,
  alpha = 0.05,
}: { readonly differences: readonly number[] } & Margin): NonInferiority {
  ensureFinite(differences, 'differences');
  ensureProbability(alpha, 'alpha');
  const n = differences.length;
  const estimate = mean(differences);
  if (n < 2) return { estimate, upper: Infinity, pass: false };
  const upper = estimate + (studentQuantile(1 - alpha, n - 1) * standardDeviation(differences)) / Math.sqrt(n);
  return { estimate, upper, pass: upper < margin };
}

/** A quantile such as the 95th percentile of latency: estimate, bound and margin are ratios to the anchor's (1.1 = 10 % worse). */
export function nonInferiorQuantile({
  candidate,
  anchor,
  margin,
  alpha = 0.05,
  ...options
}: { readonly candidate: readonly number[]; readonly anchor: readonly number[] } & Margin &
  Omit<QuantileRatioOptions, 'level'>): NonInferiority {
  ensure(alpha > 0 && alpha < 0.5, 'alpha must be between 0 and 0.5', alpha);
  const { estimate, upper } = bootstrapQuantileRatio(candidate, anchor, { ...options, level: 1 - 2 * alpha });
  return { estimate, upper, pass: upper < margin };
}

/**
 * The items that let a binary test pass an unchanged candidate with probability `power`: (z + z)^2 churn / margin^2, 6.18 by default.
 * `churn` is the rate of broken plus fixed items. With g guards, ask each for a power of 1 - (1 - power) / g.
 */
export function requiredItems(churn: number, margin: number, { alpha = 0.05, power = 0.8 } = {}): number {
  ensure(churn >= 0 && churn <= 1 && margin > 0, 'churn must be a rate and the margin above 0', `${churn} and ${margin}`);
  return Math.ceil(((normalQuantile(1 - alpha) + normalQuantile(power)) ** 2 * churn) / margin ** 2);
}

function ensureCounts(broken: number, fixed: number, n: number): void {
  const whole = [broken, fixed, n].every((count) => Number.isInteger(count) && count >= 0);
  ensure(whole && broken + fixed <= n, 'broken and fixed must be counts of n items', `${broken} and ${fixed} of ${n}`);
}
