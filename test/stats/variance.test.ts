import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateSigma, mean, median, NO_REPEATS, pool, quantile, robustDeviation, standardDeviation } from '../../src/stats.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('descriptive statistics', () => {
  it('have known values', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.138089935299395, 14);
    expect(standardDeviation([3])).toBe(0);
    expect(median([5, 1, 3, 2])).toBe(2.5);
    expect(quantile([10, 20, 30, 40], 0.95)).toBeCloseTo(38.5, 12);
    expect(robustDeviation([1, 1, 2, 2, 4, 6, 900])).toBeCloseTo(1.4826, 12);
  });

  it('find no spread in equal values', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 1, max: 20 }), (value, n) => {
        const equal = Array.from({ length: n }, () => value);
        expect(mean(equal) === value).toBe(true);
        expect(standardDeviation(equal)).toBe(0);
      }),
    );
  });

  it('lie between the extremes, and mirror with the values', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        const mirrored = values.map((value) => -value);
        expect(quantile(values, p)).toBeGreaterThanOrEqual(Math.min(...values));
        expect(quantile(values, p)).toBeLessThanOrEqual(Math.max(...values));
        expect(quantile(mirrored, 1 - p)).toBeCloseTo(-quantile(values, p), 4);
        expect(mean(mirrored)).toBeCloseTo(-mean(values), 8);
        expect(standardDeviation(mirrored)).toBeCloseTo(standardDeviation(values), 8);
      }),
    );
  });

  it('refuse an empty list', () => {
    expect(() => mean([])).toThrow(RangeError);
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('the noise of one trial', () => {
  it('is pooled around the mean of each commit', () => {
    const pooled = pool(pool(pool(NO_REPEATS, [1, 2, 3]), [100]), [10, 14]);
    expect(pooled).toEqual({ ss: 10, df: 3 });
    expect(estimateSigma(pooled)).toBeCloseTo(Math.sqrt(10 / 3), 14);
  });

  it('takes a guess as two degrees of freedom', () => {
    expect(estimateSigma({ ss: 10, df: 3 }, { guess: 2 })).toBeCloseTo(Math.sqrt(18 / 5), 14);
    expect(estimateSigma(NO_REPEATS, { guess: 2 })).toBe(2);
    expect(estimateSigma(NO_REPEATS)).toBeUndefined();
  });

  it('is never below a tenth of the first estimate, and 0 for a metric that never varies', () => {
    expect(estimateSigma({ ss: 1e-9, df: 4 }, { first: 3 })).toBeCloseTo(0.3, 14);
    expect(estimateSigma(pool(NO_REPEATS, [0.1, 0.1, 0.1]))).toBe(0);
  });

  it('refuses scores that are not numbers', () => {
    expect(() => pool(NO_REPEATS, [1, NaN])).toThrow(RangeError);
  });
});
