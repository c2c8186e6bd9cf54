/** Quantiles of an effect that is known as a mixture of posteriors: its distribution is skewed and has a peak at zero. */
import { ensure } from './check.ts';
import type { Interval } from './effect-interval.ts';
import { normalLogCdf } from './normal.ts';
import type { Posterior } from './posterior.ts';
import type { Prior } from './prior.ts';

/** A posterior of the effect, what it was made of, and how likely it is next to the others; weights need not sum to 1. */
export interface WeightedPosterior {
  readonly weight: number;
  readonly posterior: Pick<Posterior, 'r'>;
  readonly d: number;
  /** The variance of `d`: of the measurement and of the belief it is compared with. */
  readonly variance: number;
  readonly prior: Prior;
}

/** One side of an effect: a normal variable, cut off below 0, with its share in the whole. */
interface Side {
  readonly share: number;
  /** The mean of the normal variable in units of its standard deviation, and the logarithm of its part above 0. */
  readonly a: number;
  readonly logWhole: number;
  readonly sd: number;
}

/** A share that moves no quantile. */
const NOTHING = 1e-6;
const MOST_STEPS = 200;

/** The interval that leaves `tail` of the probability on each side; its ends are 0 where the effect may well be exactly that. */
export function effectQuantiles(parts: readonly WeightedPosterior[], tail: number): Interval {
  ensure(tail > 0 && tail < 0.5, 'the tail must be between 0 and 0.5', tail);
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  ensure(total > 0 && Number.isFinite(total), 'weights must have a finite sum above 0', total);
  const gains = parts.map((part) => sideOf(part, 3, total));
  const harms = parts.flatMap((part) => [sideOf(part, 1, total), sideOf(part, 2, total)]);
  const [less, more] = [massOf(gains), massOf(harms)];
  // From 0 outwards on the side where the quantile is, so that what is solved for is always a tail.
  const low = tail < less ? -pointOf(gains, tail) : 1 - tail <= more ? pointOf(harms, 1 - tail) : 0;
  const high = tail < more ? pointOf(harms, tail) : 1 - tail <= less ? 0 - pointOf(gains, 1 - tail) : 0;
  return [low, high];
}

function sideOf({ weight, posterior: { r }, d, variance, prior: { mu } }: WeightedPosterior, kind: 1 | 2 | 3, total: number): Side {
  const sd = Math.sqrt(variance);
  const a = (kind === 3 ? -d : d) / sd - sd / (mu[kind - 1] ?? NaN);
  return { share: (weight / total) * r[kind], a, logWhole: normalLogCdf(a), sd };
}

function massOf(sides: readonly Side[]): number {
  return sides.reduce((sum, { share }) => sum + share, 0);
}

/** Where so much of the probability is further from 0. */
function pointOf(sides: readonly Side[], beyond: number): number {
  const all = sides.filter(({ share }) => share > NOTHING * beyond);
  const excess = (y: number) =>
    Math.log(all.reduce((sum, { share, a, logWhole, sd }) => sum + share * Math.exp(normalLogCdf(a - y / sd) - logWhole), 0) / beyond);
  const first = excess(0);
  if (!(first > 0)) return 0;
  let [from, above] = [0, first];
  let to = Math.max(...all.map(({ sd }) => sd));
  let below = excess(to);
  for (; below > 0; below = excess(to)) [from, above, to] = [to, below, 2 * to];
  return rootBetween(excess, { from, above, to, below });
}

/** By false position; an end that stays twice counts half (the Illinois rule). */
function rootBetween(excess: (y: number) => number, bracket: { from: number; above: number; to: number; below: number }): number {
  let { from, above, to, below } = bracket;
  let stayed: 'from' | 'to' | null = null;
  for (let step = 0; step < MOST_STEPS && to - from > 1e-13 * to; step++) {
    const line = below === -Infinity ? NaN : (from * below - to * above) / (below - above);
    const y = line > from && line < to ? line : (from + to) / 2;
    const found = excess(y);
    if (found === 0) return y;
    if (found > 0) {
      [from, above] = [y, found];
      if (stayed === 'to') below /= 2;
      stayed = 'to';
    } else {
      [to, below] = [y, found];
      if (stayed === 'from') above /= 2;
      stayed = 'from';
    }
    if (Math.abs(found) < 1e-13) return y;
  }
  return (from + to) / 2;
}
