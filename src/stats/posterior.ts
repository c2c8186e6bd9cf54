/**
 * What a measured difference says about the real effect of a change.
 * Lower is better and an effect e < 0 is a gain: callers negate a metric that is maximised and take logs of ratio metrics.
 */
import { ensure, ensureVariance } from './check.ts';
import { normalLogCdf, positiveNormal } from './normal.ts';
import type { Components, Prior } from './prior.ts';

export interface Posterior {
  /** The shrunken estimate of the effect, in the score's unit. */
  readonly E: number;
  /** Its variance. */
  readonly V: number;
  /** P(e < 0), the probability that the change is a real gain. */
  readonly pGain: number;
  /** The probability of each kind of effect; they sum to 1. */
  readonly r: Components;
  /** The expected |e| under each kind; what `learn` takes. */
  readonly size: Components;
  /** The logarithm of the probability density of the difference, whatever kind of effect is behind it; 0 without any variance. */
  readonly logEvidence: number;
}

interface Component {
  readonly logWeight: number;
  readonly size: number;
  readonly variance: number;
}

/**
 * The posterior of the effect, given the difference `d` = mean score of the candidate's trials minus the belief's mean.
 * `s2` is the variance of that mean (sigma^2 / trials), `v` the belief's variance, `prior` in the same unit as `d`.
 * With no variance at all the difference is the effect.
 */
export function posterior(d: number, s2: number, v: number, prior: Prior): Posterior {
  ensure(Number.isFinite(d), 'the difference must be a finite number', d);
  ensureVariance(s2, 'the variance of the measurement');
  ensureVariance(v, 'the variance of the belief');
  const S = Math.sqrt(s2 + v);
  return S === 0 ? exactly(d) : mix(partsOf(d, S, prior));
}

/** The logarithm of the probability density of a difference `d` that has the variance `S2`, whatever kind of effect is behind it. */
export function logEvidence(d: number, S2: number, prior: Prior): number {
  return logSumExp(partsOf(d, Math.sqrt(S2), prior).map(({ logWeight }) => logWeight));
}

/** The logarithm of the sum of the exponentials, without overflow. */
export function logSumExp(logs: readonly number[]): number {
  const highest = Math.max(...logs);
  return highest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - highest), 0));
}

function partsOf(d: number, S: number, { w: [none, small, large, gain], mu }: Prior) {
  return [
    { logWeight: Math.log(none) - (d * d) / (2 * S * S) - Math.log(S * Math.sqrt(2 * Math.PI)), size: 0, variance: 0 },
    oneSided(d, S, small, mu[0]),
    oneSided(d, S, large, mu[1]),
    oneSided(-d, S, gain, mu[2]),
  ] as const;
}

/** The effect is `sign` times an exponential variable of mean `mu`; `d` comes multiplied by that sign. */
function oneSided(d: number, S: number, w: number, mu: number): Component {
  ensure(mu > 0 && w >= 0, 'a prior needs sizes above 0 and probabilities of 0 or more', `w ${w}, mu ${mu}`);
  const a = d / S - S / mu;
  const { mean, variance } = positiveNormal(a);
  const logWeight = Math.log(w) - Math.log(mu) + (S * S) / (2 * mu * mu) - d / mu + normalLogCdf(a);
  return { logWeight, size: S * mean, variance: S * S * variance };
}

function mix(parts: readonly [Component, Component, Component, Component]): Posterior {
  const highest = Math.max(...parts.map(({ logWeight }) => logWeight));
  ensure(Number.isFinite(highest), 'a prior needs a kind of effect that can explain the difference', highest);
  const raw = parts.map(({ logWeight }) => Math.exp(logWeight - highest));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const [none = NaN, small = NaN, large = NaN, gain = NaN] = raw.map((weight) => weight / total);
  const r: Components = [none, small, large, gain];
  const size: Components = [0, parts[1].size, parts[2].size, parts[3].size];
  const E = small * size[1] + large * size[2] - gain * size[3];
  const means = [0, size[1], size[2], -size[3]] as const;
  // Around E rather than as a difference of squares, which cancels where d is large.
  const V = parts.reduce((sum, { variance }, k) => sum + share(r[k] ?? 0, variance + ((means[k] ?? 0) - E) ** 2), 0);
  return { E, V, pGain: gain, r, size, logEvidence: highest + Math.log(total) };
}

/** An impossible kind of effect has no share, however large the number. */
function share(probability: number, value: number): number {
  return probability === 0 ? 0 : probability * value;
}

function exactly(d: number): Posterior {
  const r: Components = d < 0 ? [0, 0, 0, 1] : d > 0 ? [0, 1, 0, 0] : [1, 0, 0, 0];
  const size = Math.abs(d);
  return { E: d, V: 0, pGain: r[3], r, size: [0, size, size, size], logEvidence: 0 };
}
