import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapDifference, bootstrapQuantileRatio, createGenerator, mean, median, quantile } from '../../src/stats.ts';
import { createNoise, range } from './numbers.ts';

const noise = createNoise(1);
const anchor = range(80).map(() => 10 + noise.normal());
const candidate = anchor.map((value) => value - 0.5 + 0.3 * noise.normal());

describe('the generator', () => {
  it('gives the same numbers for the same seeds, other numbers for neighbours, and even ones', () => {
    const first = (seed: number, ...more: number[]) => createGenerator(seed, ...more).unit();
    expect(first(7, 3)).toBe(first(7, 3));
    const neighbours = range(2000).map((id) => first(42, id));
    expect(new Set(neighbours).size).toBe(2000);
    expect(mean(neighbours)).toBeCloseTo(0.5, 1);
    expect(Math.abs(neighbours.filter((u) => u < 0.1).length / 2000 - 0.1)).toBeLessThan(0.02);
    const { index } = createGenerator(0);
    const drawn = range(6000).map(() => index(6));
    for (const face of range(6)) expect(Math.abs(drawn.filter((x) => x === face).length - 1000)).toBeLessThan(120);
  });
});

describe('the paired bootstrap of a difference', () => {
  it('is as wide as the t interval of the differences, not as that of the values', () => {
    const { estimate, lower, upper } = bootstrapDifference(candidate, anchor, mean, { seed: 1 });
    expect(estimate).toBeCloseTo(mean(candidate) - mean(anchor), 14);
    expect(lower).toBeLessThan(estimate);
    expect(upper).toBeGreaterThan(estimate);
    expect(upper - lower).toBeGreaterThan(0.1);
    expect(upper - lower).toBeLessThan(0.18);
  });

  it('is the same for the same seed, and mirrors with the sides', () => {
    const options = { seed: 5, resamples: 300 };
    const one = bootstrapDifference(candidate, anchor, median, options);
    expect(bootstrapDifference(candidate, anchor, median, options)).toEqual(one);
    expect(bootstrapDifference(candidate, anchor, median, { ...options, seed: 6 })).not.toEqual(one);
    const other = bootstrapDifference(anchor, candidate, median, options);
    expect(other.estimate).toBeCloseTo(-one.estimate, 12);
    expect(other.upper).toBeCloseTo(-one.lower, 12);
  });

  it('refuses lists of different items', () => {
    expect(() => bootstrapDifference([1, 2], [1], mean, { seed: 1 })).toThrow(RangeError);
    expect(() => bootstrapDifference([], [], mean, { seed: 1 })).toThrow(RangeError);
  });
});

describe('the bootstrap of a ratio of quantiles', () => {
  it('has the same distribution as redrawing the values themselves', () => {
    const generator = createGenerator(77);
    const redraw = (values: readonly number[]) => values.map(() => values[generator.index(values.length)] ?? NaN);
    const ratios = range(3000).map(() => quantile(redraw(candidate), 0.9) / quantile(redraw(anchor), 0.9));
    const { estimate, lower, upper } = bootstrapQuantileRatio(candidate, anchor, { seed: 2, quantile: 0.9, resamples: 3000 });
    expect(estimate).toBeCloseTo(quantile(candidate, 0.9) / quantile(anchor, 0.9), 12);
    expect(lower).toBeCloseTo(quantile(ratios, 0.025), 2);
    expect(upper).toBeCloseTo(quantile(ratios, 0.975), 2);
  });

  it('is narrower for paired measurements', () => {
    const width = (paired: boolean) => {
      const { lower, upper } = bootstrapQuantileRatio(candidate, anchor, { seed: 3, quantile: 0.5, paired });
      return upper - lower;
    };
    expect(width(true)).toBeLessThan(0.7 * width(false));
  });

  it('does not depend on the unit, and stays within what the values allow', () => {
    const positive = fc.array(fc.double({ min: 0.1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(positive, positive, fc.double({ min: 0, max: 1, noNaN: true }), (candidate, anchor, quantile) => {
        const options = { seed: 4, quantile, resamples: 20 };
        const one = bootstrapQuantileRatio(candidate, anchor, options);
        const scaled = bootstrapQuantileRatio(
          candidate.map((value) => value * 8),
          anchor.map((value) => value * 8),
          options,
        );
        expect(scaled.upper).toBeCloseTo(one.upper, 6);
        expect(one.lower).toBeLessThanOrEqual(one.upper);
        expect(one.upper).toBeLessThanOrEqual((Math.max(...candidate) / Math.min(...anchor)) * (1 + 1e-12));
      }),
    );
  });

  it('refuses values without a ratio', () => {
    expect(() => bootstrapQuantileRatio([1, 0], [1], { seed: 1 })).toThrow(RangeError);
    expect(() => bootstrapQuantileRatio([], [1], { seed: 1 })).toThrow(RangeError);
  });
});
