import { ensureFinite } from './check.ts';
import { logEvidence } from './posterior.ts';
import { DEFAULT_PRIOR, scalePrior, type Prior } from './prior.ts';

/** Fewer differences say too little of their scale. */
const FEWEST = 8;
/** Steps of the search between a thousandth of the largest difference and all of it: 1.7 % each. */
const STEPS = 400;

/**
 * Sigma where nothing was measured twice: the one under which these differences between single trials are most likely, if
 * effects are as large against the noise as `prior` says. Lower is better; the score's unit. Undefined for too few differences.
 */
export function sigmaFromEffects(differences: readonly number[], prior: Prior = DEFAULT_PRIOR): number | undefined {
  ensureFinite(differences, 'differences');
  const largest = Math.max(0, ...differences.map(Math.abs));
  if (differences.length < FEWEST || largest === 0) return undefined;
  const candidates = Array.from({ length: STEPS + 1 }, (_, step) => largest * 1000 ** (step / STEPS - 1));
  const likelihood = (sigma: number) => {
    const scaled = scalePrior(prior, sigma);
    return differences.reduce((sum, d) => sum + logEvidence(d, 2 * sigma ** 2, scaled), 0);
  };
  let [best, most] = [largest, -Infinity];
  for (const sigma of candidates) {
    const found = likelihood(sigma);
    if (found > most) [best, most] = [sigma, found];
  }
  return best;
}
