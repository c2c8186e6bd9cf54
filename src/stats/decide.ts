/** Keep, discard, or measure again: the decision rule of the posterior. */
import { ensure } from './check.ts';
import type { Posterior } from './posterior.ts';

export interface KeepRule {
  /** The most trials of one candidate. */
  readonly maxTrials: number;
  /** A P(gain) strictly between these is worth another trial. */
  readonly lo: number;
  readonly hi: number;
  /** The least P(gain) of a keep. */
  readonly minP: number;
  /** The least estimated gain of a keep, in units of sigma: the price of a kept commit. */
  readonly minGain: number;
}

/** `progress` explores, `balanced` is for a branch that is reviewed, `strict` for a regulated field. */
export type Profile = 'progress' | 'balanced' | 'strict';

export const PROFILES: Readonly<Record<Profile, KeepRule>> = {
  progress: { maxTrials: 1, lo: 0.5, hi: 0.5, minP: 0, minGain: 0.2 },
  balanced: { maxTrials: 2, lo: 0.4, hi: 0.6, minP: 0.5, minGain: 0 },
  strict: { maxTrials: 3, lo: 0.4, hi: 0.9, minP: 0.9, minGain: 0 },
};

/** What to do after `trials` trials of the candidate; `sigma` is the noise of one trial, in the score's unit. */
export function decide(
  rule: Profile | KeepRule,
  { E, pGain }: Pick<Posterior, 'E' | 'pGain'>,
  { trials, sigma }: { readonly trials: number; readonly sigma: number },
): 'keep' | 'discard' | 'more' {
  ensure(trials >= 1, 'a decision needs a trial', trials);
  const { maxTrials, lo, hi, minP, minGain } = typeof rule === 'string' ? PROFILES[rule] : rule;
  if (trials < maxTrials && lo < pGain && pGain < hi) return 'more';
  return pGain >= minP && E < -minGain * sigma ? 'keep' : 'discard';
}
