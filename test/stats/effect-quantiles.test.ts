import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PRIOR, effectCdf, effectInterval, effectQuantiles, posterior, type WeightedPosterior } from '../../src/stats.ts';

const part = fc
  .record({
    d: fc.double({ min: -12, max: 40, noNaN: true }),
    variance: fc.double({ min: 0.05, max: 4, noNaN: true }),
    weight: fc.double({ min: 0.01, max: 5, noNaN: true }),
  })
  .map(({ d, variance, weight }): WeightedPosterior => ({
    d,
    variance,
    weight,
    prior: DEFAULT_PRIOR,
    posterior: posterior(d, variance, 0, DEFAULT_PRIOR),
  }));
const parts = fc.array(part, { minLength: 1, maxLength: 6 });
const tail = fc.double({ min: 0.005, max: 0.3, noNaN: true });

/** P(e <= x) of the whole mixture, from its definition. */
function cdfOf(all: readonly WeightedPosterior[]): (x: number) => number {
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  const each = all.map(({ d, variance, weight, prior }) => ({ weight, cdf: effectCdf(d, variance, 0, prior) }));
  return (x) => each.reduce((sum, { weight, cdf }) => sum + (weight / total) * cdf(x), 0);
}

describe('the quantiles of a mixture of posteriors', () => {
  it('leave what is asked on each side, or end where the distribution steps', () => {
    fc.assert(
      fc.property(parts, tail, (all, asked) => {
        const cdf = cdfOf(all);
        const [low, high] = effectQuantiles(all, asked);
        expect(low).toBeLessThanOrEqual(high);
        for (const [end, p] of [
          [low, asked],
          [high, 1 - asked],
        ] as const) {
          if (end === 0) {
            expect(cdf(0)).toBeGreaterThanOrEqual(p - 1e-6);
            expect(cdf(-1e-9)).toBeLessThanOrEqual(p + 1e-6);
          } else expect(Math.abs(cdf(end) - p)).toBeLessThan(1e-5);
        }
      }),
    );
  });

  it('of one posterior are its exact interval', () => {
    fc.assert(
      fc.property(part, (one) => {
        const [low, high] = effectQuantiles([one], 0.025);
        const [from, to] = effectInterval(one.d, one.variance, 0, one.prior);
        expect(Math.abs(low - from)).toBeLessThan(1e-4);
        expect(Math.abs(high - to)).toBeLessThan(1e-4);
      }),
    );
  });

  it('do not depend on the unit of the weights, nor on the order of the parts', () => {
    fc.assert(
      fc.property(parts, tail, (all, asked) => {
        const [low, high] = effectQuantiles(all, asked);
        const [again, other] = effectQuantiles(all.map((one) => ({ ...one, weight: 7 * one.weight })).toReversed(), asked);
        expect(Math.abs(again - low)).toBeLessThan(1e-7);
        expect(Math.abs(other - high)).toBeLessThan(1e-7);
      }),
    );
  });

  it('are wider the less is left outside', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const [low, high] = effectQuantiles(all, 0.02);
        const [from, to] = effectQuantiles(all, 0.1);
        expect(low).toBeLessThanOrEqual(from + 1e-9);
        expect(high).toBeGreaterThanOrEqual(to - 1e-9);
      }),
    );
  });
});
