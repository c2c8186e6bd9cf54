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

/** How often a trial is far off, beforehand, and how many times wider such a trial's error is. */
const OFTEN = 0.015;
const WIDER = 7;
const STEPS = 12;

/**
 * Repeats of many commits pooled so that a few trials that are far off do not spoil the figure: each commit counts by how likely
 * its spread is that of plain noise, and not of a trial that is off. Of one commit alone nothing can be told.
 */
export function poolRobust(groups: readonly PooledVariance[]): PooledVariance {
  const all = groups.filter(({ df }) => df > 0);
  const plain = all.reduce((sum, { ss, df }) => ({ ss: sum.ss + ss, df: sum.df + df }), NO_REPEATS);
  let variance = middleOf(all);
  if (all.length < 2 || variance === 0) return plain;
  let pooled = plain;
  for (let step = 0; step < STEPS; step++) {
    pooled = NO_REPEATS;
    for (const { ss, df } of all) {
      const weight = likelyPlain(ss, df, variance);
      pooled = { ss: pooled.ss + weight * ss, df: pooled.df + weight * df };
    }
    variance = pooled.ss / pooled.df;
  }
  return pooled;
}

/** How likely it is that no trial behind these squares is far off. */
function likelyPlain(ss: number, df: number, variance: number): number {
  const clean = (1 - OFTEN) ** (df + 1);
  // The ratio of two gamma densities of the squares, whose scales differ by the square of WIDER.
  const ratio = Math.exp(-df * Math.log(WIDER) + (ss / (2 * variance)) * (1 - 1 / WIDER ** 2));
  return clean / (clean + (1 - clean) * ratio);
}

/** The variance that half of the degrees of freedom are below; 0 without any. */
function middleOf(groups: readonly PooledVariance[]): number {
  const sorted = groups.toSorted((a, b) => a.ss / a.df - b.ss / b.df);
  const half = groups.reduce((sum, { df }) => sum + df, 0) / 2;
  let below = 0;
  for (const { ss, df } of sorted) {
    below += df;
    if (below >= half) return ss / df;
  }
  return 0;
}
