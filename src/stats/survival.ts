/** How often a gain that was found on one commit is still there once the change is moved to a later one. */
import { ensureFinite, ensureVariance } from './check.ts';
import { logEvidence } from './posterior.ts';
import { DEFAULT_PRIOR, type Prior } from './prior.ts';

/** A change that was measured twice: on its own basis, and again after it was moved. Lower is better; all in units of sigma. */
export interface MovedChange {
  /** The estimate of its effect before it was moved, with its variance. */
  readonly E: number;
  readonly V: number;
  /** Its score minus the level of the commit it was moved to, with the variance of that. */
  readonly d: number;
  readonly S2: number;
}

/** The share of gains that survive: mean and 95 % interval of its posterior, and the changes it rests on. */
export interface Survival {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Beforehand three in four, with the weight of four changes: Beta(3, 1). */
const ALPHA = 3;
const BETA = 1;
const POINTS = 200;
/** What is left of a change whose gain has not survived: nothing, or a harm. */
const DEAD: Prior = { w: [0.5, 0.3, 0.2, 0], mu: DEFAULT_PRIOR.mu };

/**
 * The posterior of the share, each change weighed by how well its second measurement fits an effect that is still there and one that
 * is gone: a gain that was luck from the start is no sign that moving it has broken it.
 */
export function survival(changes: readonly MovedChange[]): Survival {
  const likelihoods = changes.map(({ E, V, d, S2 }) => {
    ensureFinite([E, d], 'effects');
    ensureVariance(V, 'the variance of the effect');
    ensureVariance(S2, 'the variance of the measurement');
    const variance = Math.max(V + S2, Number.MIN_VALUE);
    const alive = -0.5 * ((d - E) ** 2 / variance + Math.log(2 * Math.PI * variance));
    const dead = logEvidence(d, Math.max(S2, Number.EPSILON), DEAD);
    const highest = Math.max(alive, dead);
    return { alive: Math.exp(alive - highest), dead: Math.exp(dead - highest) };
  });
  const shares = Array.from({ length: POINTS }, (_, i) => (i + 0.5) / POINTS);
  const logs = shares.map((share) =>
    likelihoods.reduce(
      (sum, { alive, dead }) => sum + Math.log(share * alive + (1 - share) * dead),
      (ALPHA - 1) * Math.log(share) + (BETA - 1) * Math.log(1 - share),
    ),
  );
  const highest = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const quantile = (p: number): number => {
    let below = 0;
    return shares.find((_, i) => (below += weights[i] ?? 0) >= p * total) ?? 1;
  };
  const mean = shares.reduce((sum, share, i) => sum + share * (weights[i] ?? 0), 0) / total;
  return { mean, low: quantile(0.025), high: quantile(0.975), n: changes.length };
}
