/** The estimate of the incumbent's real score. A run reports this and not the best score it has seen. */
import { ensure, ensureFinite, ensureVariance } from './check.ts';
import { mean } from './descriptive.ts';
import type { Posterior } from './posterior.ts';

/** A normal belief: mean `m` and variance `v`, in the score's unit and its square; lower is better. */
export interface Belief {
  readonly m: number;
  readonly v: number;
}

/** The belief after the baseline's trials. */
export function believe(scores: readonly number[], sigma: number): Belief {
  ensureFinite(scores, 'scores');
  ensureVariance(sigma, 'sigma');
  return { m: mean(scores), v: sigma ** 2 / scores.length };
}

/**
 * The belief after a candidate was measured `d` away from it with variance `s2` (sigma^2 / trials).
 * A keep makes the candidate the incumbent; a discard still tells whether the incumbent's own score was lucky.
 */
export function update(
  { m, v }: Belief,
  {
    d,
    s2,
    posterior: { E, V },
    kept,
  }: { readonly d: number; readonly s2: number; readonly posterior: Pick<Posterior, 'E' | 'V'>; readonly kept: boolean },
): Belief {
  ensure(Number.isFinite(d), 'the difference must be a finite number', d);
  ensureVariance(s2, 'the variance of the measurement');
  const c = v + s2 === 0 ? 0 : v / (v + s2);
  if (kept) return { m: m + E + c * (d - E), v: c * s2 + (1 - c) ** 2 * V };
  return { m: m + c * (d - E), v: c * s2 + c ** 2 * V };
}

/** Is a new trial of the incumbent too far from the belief to be noise? Then the machine or the data changed. */
export function hasDrifted(score: number, { m, v }: Belief, sigma: number, z = 3): boolean {
  return !(Math.abs(score - m) <= z * Math.sqrt(sigma ** 2 + v));
}
