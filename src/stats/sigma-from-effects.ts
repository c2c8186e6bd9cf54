import { ensureFinite } from './check.ts';
import { logEvidence } from './posterior.ts';
import { DEFAULT_PRIOR, scalePrior, type Prior } from './prior.ts';

/** Fewer differences say too little of their scale. */
const FEWEST = 8;
/** Steps of the search between a hundredth of the middle difference and ten times it: 4.4 % each. */
const STEPS = 160;
/** How many differences are wrecks, such as diverged runs, of which the size tells nothing of sigma. */
const WRECKS = 0.05;
/** An answer is given where sigma is known within this factor up and down, with a probability of 95 %. */
const WITHIN = 1.5;

/**
 * Sigma where nothing was measured twice: the one under which these differences between single trials are most likely, if
 * effects are as large against the noise as `prior` says, and a few are wrecks of any size. Lower is better; the score's unit.
 * Undefined where the differences are too few to tell it within a factor of 1.5.
 */
export function sigmaFromEffects(differences: readonly number[], prior: Prior = DEFAULT_PRIOR): number | undefined {
  ensureFinite(differences, 'differences');
  const sizes = differences.map(Math.abs).filter((size) => size > 0);
  const middle = sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)];
  if (differences.length < FEWEST || middle === undefined) return undefined;
  const wreck = wrecks(middle, Math.max(...sizes));
  const candidates = Array.from({ length: STEPS + 1 }, (_, step) => (middle / 100) * 1000 ** (step / STEPS));
  const likelihoods = candidates.map((sigma) => {
    const scaled = scalePrior(prior, sigma);
    const density = (d: number) => (1 - WRECKS) * Math.exp(logEvidence(d, 2 * sigma ** 2, scaled)) + WRECKS * wreck(d);
    return differences.reduce((sum, d) => sum + Math.log(density(d)), 0);
  });
  const highest = Math.max(...likelihoods);
  const weights = likelihoods.map((likelihood) => Math.exp(likelihood - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const quantile = (share: number) => {
    let sum = 0;
    return candidates.find((_, index) => (sum += weights[index] ?? 0) >= share * total) ?? middle;
  };
  return quantile(0.975) <= WITHIN ** 2 * quantile(0.025) ? candidates[likelihoods.indexOf(highest)] : undefined;
}

/** The density of wrecks: sizes above the middle are equally likely on a log scale, whatever sigma is, so they do not move it. */
function wrecks(middle: number, largest: number): (d: number) => number {
  const range = 1 + Math.max(1, Math.log(largest / middle));
  return (d) => 1 / (2 * range * Math.max(Math.abs(d), middle));
}
