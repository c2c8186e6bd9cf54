import type { RunView } from '../../../src/plugin.ts';
import type { Cost } from './bandit.ts';

/** Experiments of the default budget, used if neither their number nor their time is limited. */
const USUAL_EXPERIMENTS = 100;

/**
 * How much of the run's budget an experiment uses up: its shares of the number of experiments, of the time and of the
 * dollars, added up, as far as these are limited. With `trialUsd`, dollars.
 */
export function costOf({ experiments, seconds, usd }: RunView['budget'], trialUsd: number | undefined): Cost {
  if (trialUsd !== undefined) return (use) => trialUsd + use.usd;
  const isLimited = experiments !== undefined || seconds !== undefined;
  const one = 1 / (isLimited ? (experiments ?? Infinity) : USUAL_EXPERIMENTS);
  return (use) => one + share(use.seconds, seconds) + share(use.usd, usd);
}

function share(used: number, limit: number | undefined): number {
  return limit === undefined ? 0 : used / Math.max(limit, Number.MIN_VALUE);
}
