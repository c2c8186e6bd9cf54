import { ensure } from './check.ts';
import { normalQuantile } from './normal.ts';
import type { Generator } from './random.ts';

/** Draws from the gamma distribution with scale 1, by the method of Marsaglia and Tsang (2000). */
export function sampleGamma(shape: number, random: Generator): number {
  ensure(shape > 0 && Number.isFinite(shape), 'a shape must be a finite number above 0', shape);
  // Below 1 the method does not hold; a draw with one more, times a power of a uniform number, has the distribution.
  if (shape < 1) return sampleGamma(shape + 1, random) * random.unit() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const z = normalQuantile(random.unit());
    const v = (1 + z / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(random.unit()) < z ** 2 / 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** Draws from the beta distribution: the chance of something that has happened `a` times and failed to `b` times. */
export function sampleBeta(a: number, b: number, random: Generator): number {
  const [x, y] = [sampleGamma(a, random), sampleGamma(b, random)];
  // With two tiny shapes both draws can underflow to 0; then one of the ends is a correct draw.
  return x + y > 0 ? x / (x + y) : Number(random.unit() * (a + b) < a);
}
