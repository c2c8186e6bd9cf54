/** Wald's sequential probability ratio test: as many trials as the evidence needs, for a promotion rather than for each step. */
import { ensure, ensureFinite, ensureProbability, ensureVariance } from './check.ts';

export interface SprtOptions {
  /** The noise of one trial, in the score's unit. */
  readonly sigma: number;
  /** The standard deviation of one difference; `sigma` where trials are compared with a fixed reference, more where it is measured too. */
  readonly sd?: number;
  /** The gain worth finding, in units of sigma. */
  readonly effect?: number;
  /** How often no change at all is accepted. */
  readonly alpha?: number;
  /** How often a gain of that size is rejected. */
  readonly beta?: number;
}

export interface Sprt {
  /** `accept` the gain, `reject` it, or `continue` with another trial. */
  readonly decision: 'accept' | 'reject' | 'continue';
  /** The log-likelihood ratio of the gain against no change, and the two limits it is held against. */
  readonly llr: number;
  readonly acceptAt: number;
  readonly rejectAt: number;
}

/** Judges the differences of a candidate's trials from the reference, in the order they came; lower is better. */
export function sprt(differences: readonly number[], options: SprtOptions): Sprt {
  const { sigma, sd = sigma, effect = 1.5, alpha = 0.05, beta = 0.2 } = options;
  ensureFinite(differences, 'differences');
  ensureVariance(sigma, 'sigma');
  ensureVariance(sd, 'the standard deviation of a difference');
  ensureProbability(alpha, 'alpha');
  ensureProbability(beta, 'beta');
  ensure(effect > 0 && alpha + beta < 1, 'the effect must be above 0 and alpha + beta below 1', `${effect}, ${alpha} and ${beta}`);
  const acceptAt = Math.log((1 - beta) / alpha);
  const rejectAt = Math.log(beta / (1 - alpha));
  const size = effect * sigma;
  let llr = 0;
  for (const difference of differences) {
    llr += ratio(difference, size, sd);
    if (llr >= acceptAt) return { decision: 'accept', llr, acceptAt, rejectAt };
    if (llr <= rejectAt) return { decision: 'reject', llr, acceptAt, rejectAt };
  }
  return { decision: 'continue', llr, acceptAt, rejectAt };
}

/** ln of the normal density at -size over the one at 0; without noise, one difference tells. */
function ratio(difference: number, size: number, sd: number): number {
  if (sd === 0) return difference < -size / 2 ? Infinity : -Infinity;
  return (-size * (difference + size / 2)) / sd ** 2;
}
