/** The noise of one trial, pooled over every commit that was measured more than once. */
import { ensure, ensureFinite, ensureVariance } from './check.ts';
import { sumOfSquares } from './descriptive.ts';

/** Pooled squares around each commit's own mean (the score's unit squared), and their degrees of freedom. */
export interface PooledVariance {
  readonly ss: number;
  readonly df: number;
}

export const NO_REPEATS: PooledVariance = { ss: 0, df: 0 };

/** Adds the scores of one commit's trials; fewer than two say nothing about noise. */
export function pool(pooled: PooledVariance, scores: readonly number[]): PooledVariance {
  ensureFinite(scores, 'scores');
  return scores.length < 2 ? pooled : { ss: pooled.ss + sumOfSquares(scores), df: pooled.df + scores.length - 1 };
}

export interface SigmaOptions {
  /** A guess of sigma before any trial, in the score's unit; it counts as `guessDf` degrees of freedom. */
  readonly guess?: number | undefined;
  readonly guessDf?: number;
  /** The run's first estimate: a later one is never below a tenth of it. */
  readonly first?: number | undefined;
}

/**
 * Sigma, the standard deviation of one trial's score: sqrt((ss + 2 guess^2) / (df + 2)), without the 2s where there is no guess.
 * Undefined where neither a repeat nor a guess exists; 0 for a metric that never varies.
 */
export function estimateSigma({ ss, df }: PooledVariance, { guess, guessDf = 2, first = 0 }: SigmaOptions = {}): number | undefined {
  ensureVariance(ss, 'the pooled squares');
  ensure(df >= 0, 'the degrees of freedom must be 0 or more', df);
  if (guess !== undefined) ensureVariance(guess, 'the guess of sigma');
  const weight = guess === undefined ? 0 : guessDf;
  if (df + weight === 0) return undefined;
  return Math.max(0.1 * first, Math.sqrt((ss + weight * (guess ?? 0) ** 2) / (df + weight)));
}
