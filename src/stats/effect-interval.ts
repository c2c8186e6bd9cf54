/** Intervals for the real effect of a change, for the record. */
import { ensureProbability } from './check.ts';
import { normalLogCdf, normalQuantile } from './normal.ts';
import { posterior, type Posterior } from './posterior.ts';
import type { Prior } from './prior.ts';

export type Interval = readonly [lower: number, upper: number];

/** E +- z sqrt(V), at level 0.95 with z = 1.96: close enough for most records. */
export function normalInterval({ E, V }: Pick<Posterior, 'E' | 'V'>, level = 0.95): Interval {
  ensureProbability(level, 'the level');
  const half = normalQuantile(0.5 + level / 2) * Math.sqrt(V);
  return [E - half, E + half];
}

/** The exact interval of the mixture, equal probability outside on both sides; same arguments as `posterior`. */
export function effectInterval(d: number, s2: number, v: number, prior: Prior, level = 0.95): Interval {
  ensureProbability(level, 'the level');
  const S = Math.sqrt(s2 + v);
  if (S === 0) return [d, d];
  const cdf = effectCdf(d, s2, v, prior);
  const reach = Math.abs(d) + 40 * S;
  return [invert(cdf, (1 - level) / 2, reach), invert(cdf, (1 + level) / 2, reach)];
}

/** The function x -> P(e <= x), with a step at 0 as high as the probability of no effect. */
export function effectCdf(d: number, s2: number, v: number, prior: Prior): (x: number) => number {
  const { r } = posterior(d, s2, v, prior);
  const S = Math.sqrt(s2 + v);
  if (S === 0) return (x) => (x >= d ? 1 : 0);
  const beyond = (signed: number, mu: number) => {
    const a = signed / S - S / mu;
    const whole = normalLogCdf(a);
    // P(|e| > size), as a ratio of tails taken in logs.
    return (size: number) => Math.exp(normalLogCdf(a - size / S) - whole);
  };
  const small = beyond(d, prior.mu[0]);
  const large = beyond(d, prior.mu[1]);
  const gain = beyond(-d, prior.mu[2]);
  return (x) => (x < 0 ? r[3] * gain(-x) : 1 - r[1] * small(x) - r[2] * large(x));
}

function invert(cdf: (x: number) => number, p: number, reach: number): number {
  // A bisection would only come near the step at 0.
  if (cdf(0) >= p && cdf(-Number.MIN_VALUE) < p) return 0;
  let [low, high] = cdf(0) < p ? [0, reach] : [-reach, 0];
  for (let i = 0; i < 200 && high - low > 1e-14 * reach; i++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
