/** The effects to expect of an idea before it is tried, and how a run learns them. */
import { ensure } from './check.ts';

/** One number per kind of effect: none, small harm, large harm, gain. */
export type Components = readonly [none: number, smallHarm: number, largeHarm: number, gain: number];

/**
 * Four kinds of effect with probabilities `w`. An effect is 0, +Exp(mu[0]), +Exp(mu[1]) or -Exp(mu[2]): lower is better.
 * The mean sizes `mu` are in the score's unit; `DEFAULT_PRIOR` is in units of sigma and goes through `scalePrior` first.
 */
export interface Prior {
  readonly w: Components;
  readonly mu: readonly [smallHarm: number, largeHarm: number, gain: number];
}

/** In units of sigma. Calibrated on a public record of 125 five-minute language-model experiments. */
export const DEFAULT_PRIOR: Prior = { w: [0.2, 0.35, 0.25, 0.2], mu: [3, 12, 1.2] };

/** From units of sigma to the score's unit. */
export function scalePrior(prior: Prior, sigma: number): Prior {
  const [small, large, gain] = prior.mu;
  return { w: prior.w, mu: [small * sigma, large * sigma, gain * sigma] };
}

/** What a run has seen so far: sums over its experiments of r, and of r times the size of the effect (the score's unit). */
export interface Learned {
  readonly counts: Components;
  readonly sizes: Components;
}

export const NOTHING_LEARNED: Learned = { counts: [0, 0, 0, 0], sizes: [0, 0, 0, 0] };

/** What an experiment adds, kept or discarded; one effect counts as at most 3 mu, so that a wreck does not move the scale. */
export function learn(learned: Learned, seen: { readonly r: Components; readonly size: Components }, prior: Prior): Learned {
  const { counts, sizes } = learned;
  const { r, size } = seen;
  const [small, large, gain] = prior.mu;
  return {
    counts: [counts[0] + r[0], counts[1] + r[1], counts[2] + r[2], counts[3] + r[3]],
    sizes: [
      0,
      sizes[1] + r[1] * Math.min(size[1], 3 * small),
      sizes[2] + r[2] * Math.min(size[2], 3 * large),
      sizes[3] + r[3] * Math.min(size[3], 3 * gain),
    ],
  };
}

/**
 * The prior for the next experiment: `base` counts as `pseudoCounts` experiments in the probabilities and as 3 in each size.
 * Large harm stays at least twice as large as small harm, so that the two never swap.
 */
export function learnedPrior(base: Prior, { counts, sizes }: Learned, pseudoCounts = 20): Prior {
  ensure(pseudoCounts > 0, 'pseudoCounts must be above 0', pseudoCounts);
  const start = base.w[0] + base.w[1] + base.w[2] + base.w[3];
  ensure(start > 0, 'the probabilities of a prior must not all be 0', start);
  const total = pseudoCounts + counts[0] + counts[1] + counts[2] + counts[3];
  const weight = (k: 0 | 1 | 2 | 3) => ((pseudoCounts * base.w[k]) / start + counts[k]) / total;
  const size = (k: 1 | 2 | 3, mu: number) => (3 * mu + sizes[k]) / (3 + counts[k]);
  const small = size(1, base.mu[0]);
  return {
    w: [weight(0), weight(1), weight(2), weight(3)],
    mu: [small, Math.max(size(2, base.mu[1]), 2 * small), size(3, base.mu[2])],
  };
}
