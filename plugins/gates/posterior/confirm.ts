import type { ScoredExperiment } from '../../../src/plugin.ts';
import { disagree } from '../../../src/stats.ts';
import type { Finding } from './filter.ts';

/** A gain this many standard deviations out is measured again before it is kept; once a trial was too good to be true, every gain is. */
const SURPRISING = 4.5;
/** The same where the machine drifts so fast; see `Finding.drift`. */
const DRIFTING = 0.1;
/** A third trial shows which of two is off; a fourth replaces the one that is. */
const MOST_TRIALS = 4;

/** Another trial where one trial alone would decide that may be far off: a surprising gain, or two trials that disagree. */
export function confirm(
  decided: 'keep' | 'discard' | 'more',
  { trials, score }: Pick<ScoredExperiment, 'trials' | 'score'>,
  { d, s2, before, sigma, df, refuted = 0, aside = 0, drift = 0, slots }: Finding,
): 'keep' | 'discard' | 'more' {
  if (sigma === 0 || score.beside || score.seeds || trials.length >= MOST_TRIALS) return decided;
  // Slots side by side tell a drift from a gain, and while one trial waits for another, the incumbent moves on.
  const isDrifting = slots === undefined && drift > DRIFTING;
  if (score.n === 1)
    return decided === 'keep' && -d > (refuted > 0 || isDrifting ? 0 : SURPRISING) * Math.sqrt(s2 + before.v) ? 'more' : decided;
  // The spread of two trials is their difference by the square root of two.
  const isOff = score.n === 2 && trials.length === 2 && disagree(Math.SQRT2 * score.spread, 0, { sigma, df, seen: aside > 0 });
  return isOff ? 'more' : decided;
}
