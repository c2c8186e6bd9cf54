import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eValue } from '../../src/stats.ts';
import { integrate, relativeError } from './numbers.ts';

const positive = fc.double({ min: 0.05, max: 5, noNaN: true });

describe('the e-value', () => {
  it('is the likelihood ratio of a half-normal mixture of gains', () => {
    for (const [d, q, t] of [
      [-2, 0.5, 1.5],
      [0, 1, 1.5],
      [1.3, 0.4, 0.9],
    ] as const) {
      const mixture = (size: number) =>
        ((2 * Math.exp(-(size ** 2) / (2 * t * t))) / (t * Math.sqrt(2 * Math.PI))) * Math.exp((-d * size - size ** 2 / 2) / q);
      expect(relativeError(eValue(d, q, t).e, integrate(mixture, 0, 15 * t))).toBeLessThan(1e-8);
    }
  });

  it('is 1 on average where there is no effect', () => {
    const q = 2 / 3;
    const density = (d: number) => Math.exp((-d * d) / (2 * q)) / Math.sqrt(2 * Math.PI * q);
    expect(integrate((d) => eValue(d, q, 1.5).e * density(d), -30, 30)).toBeCloseTo(1, 8);
  });

  it('falls as the difference grows, and does not depend on the unit', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), positive, positive, positive, (d, q, t, unit) => {
        expect(eValue(d + 0.1, q, t).ln).toBeLessThan(eValue(d, q, t).ln);
        expect(eValue(d * unit, q * unit ** 2, t * unit).ln).toBeCloseTo(eValue(d, q, t).ln, 7);
      }),
    );
  });

  it('keeps its logarithm where a number cannot hold it', () => {
    const { e, ln } = eValue(-1000, 0.5, 1.5);
    expect(e).toBe(Infinity);
    expect(ln).toBeGreaterThan(8e5);
    expect(eValue(1000, 0.5, 1.5).e).toBeGreaterThan(0);
  });

  it('refuses what is no difference, variance or scale', () => {
    expect(() => eValue(NaN, 1, 1)).toThrow('the difference must be a finite number, got NaN');
    expect(() => eValue(0, Infinity, 1)).toThrow('the variance of the difference must be a finite number, 0 or more, got Infinity');
    for (const [q, t] of [
      [0, 1],
      [1, 0],
      [1, -1],
    ] as const)
      expect(() => eValue(0, q, t)).toThrow(`the variance and the scale must be above 0, got ${q} and ${t}`);
  });
});
