import cdf from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile, studentCdf, studentQuantile } from '../../src/stats.ts';
import { relativeError } from './numbers.ts';

const DFS = [1, 1.5, 2, 2.7, 3, 4, 7.25, 18, 30, 123.4, 1000, 50_000];

describe('the t distribution', () => {
  it('has the cumulative probability of the oracle', () => {
    for (const df of DFS) {
      for (const t of [-60, -12, -3.3, -1, -0.01, 0, 0.4, 1.7, 2.5, 9, 1e4]) {
        expect(Math.abs(studentCdf(t, df) - cdf(t, df)), `t ${t}, df ${df}`).toBeLessThan(1e-11);
      }
    }
  });

  it('has quantiles to 1e-8, for fractional degrees of freedom too', () => {
    for (const df of DFS) {
      for (const p of [1e-6, 0.001, 0.025, 0.1, 0.3, 0.499, 0.6, 0.95, 0.975, 0.9995]) {
        expect(relativeError(studentQuantile(p, df), quantile(p, df)), `p ${p}, df ${df}`).toBeLessThan(1e-8);
      }
    }
  });

  it('has the closed forms of one and two degrees of freedom', () => {
    for (const p of [1e-12, 0.01, 0.3, 0.5, 0.77, 0.999]) {
      const tangent = p === 0.5 ? 0 : -1 / Math.tan(Math.PI * p);
      const second = (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
      expect(Math.abs(studentQuantile(p, 1) - tangent)).toBeLessThan(1e-8 * Math.max(1, Math.abs(tangent)));
      expect(Math.abs(studentQuantile(p, 2) - second)).toBeLessThan(1e-10 * Math.max(1, Math.abs(second)));
    }
  });

  it('becomes the normal distribution, without a step where the method changes', () => {
    for (const p of [1e-6, 0.025, 0.4, 0.975]) {
      expect(studentQuantile(p, Infinity)).toBeCloseTo(normalQuantile(p), 12);
      expect(relativeError(studentQuantile(p, 1e6 * (1 + 1e-9)), studentQuantile(p, 1e6))).toBeLessThan(1e-9);
    }
  });

  it('is symmetric, and its two functions undo each other', () => {
    const df = fc.double({ min: 1, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(df, fc.double({ min: 1e-9, max: 0.5, noNaN: true }), (df, p) => {
        const t = studentQuantile(p, df);
        expect(Math.abs(studentCdf(t, df) - p)).toBeLessThan(1e-12 + 1e-9 * p);
        expect(studentCdf(-t, df)).toBeCloseTo(1 - p, 10);
      }),
    );
  });

  it('goes to the ends, and refuses no degrees of freedom', () => {
    expect(() => studentCdf(1, 0)).toThrow(RangeError);
    expect(() => studentQuantile(0.9, NaN)).toThrow(RangeError);
    expect(relativeError(studentQuantile(1e-300, 1), -1e300 / Math.PI)).toBeLessThan(1e-8);
    for (const df of [3, 1e9, Infinity]) expect([studentCdf(-Infinity, df), studentCdf(Infinity, df)]).toEqual([0, 1]);
    expect(studentQuantile(0, 3)).toBe(-Infinity);
    expect(studentQuantile(2, 3)).toBeNaN();
  });
});
