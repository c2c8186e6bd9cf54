import cdf from '@stdlib/stats-base-dists-normal-cdf';
import logcdf from '@stdlib/stats-base-dists-normal-logcdf';
import quantile from '@stdlib/stats-base-dists-normal-quantile';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erfc, normalCdf, normalHazard, normalLogCdf, normalPdf, normalQuantile } from '../../src/stats.ts';
import { positiveNormal } from '../../src/stats/normal.ts';
import { range, relativeError } from './numbers.ts';

const grid = range(4801).map((i) => -40 + i / 100);

describe('the normal distribution', () => {
  it('has ln Phi exact from -40 to 8', () => {
    for (const z of grid) expect(relativeError(normalLogCdf(z), logcdf(z, 0, 1)), `ln Phi(${z})`).toBeLessThan(1e-10);
  });

  it('has Phi exact where it is a number at all', () => {
    for (const z of grid.filter((z) => z > -37)) expect(relativeError(normalCdf(z), cdf(z, 0, 1)), `Phi(${z})`).toBeLessThan(1e-10);
    expect(normalCdf(-Infinity)).toBe(0);
    expect(normalCdf(Infinity)).toBe(1);
    expect(normalLogCdf(-Infinity)).toBe(-Infinity);
    expect(normalLogCdf(Infinity)).toBeCloseTo(0, 15);
  });

  it('has known values', () => {
    expect(normalCdf(-5.3)).toBeCloseTo(5.790134e-8, 14);
    expect(erfc(0.5)).toBeCloseTo(0.4795001221869535, 14);
    expect(erfc(-1)).toBeCloseTo(1.842700792949715, 14);
    expect(normalLogCdf(-1000)).toBeCloseTo(-500_007.826694812, 6);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
    expect(normalQuantile(0.95)).toBeCloseTo(1.6448536269514722, 13);
  });

  it('has quantiles to 1e-9', () => {
    for (const p of [1e-6, ...range(999).map((i) => (i + 1) / 1000), 1 - 1e-6]) {
      expect(Math.abs(normalQuantile(p) - quantile(p, 0, 1)), `quantile ${p}`).toBeLessThan(1e-9);
    }
    // The oracle's quantile has no tail, but its ln Phi does.
    for (const p of [1e-300, 1e-100, 1e-30, 1e-12]) expect(relativeError(logcdf(normalQuantile(p), 0, 1), Math.log(p))).toBeLessThan(1e-12);
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(1.1)).toBeNaN();
    expect(normalQuantile(NaN)).toBeNaN();
  });

  it('finds back the z of any probability', () => {
    fc.assert(fc.property(fc.double({ min: -37, max: 5, noNaN: true }), (z) => Math.abs(normalQuantile(normalCdf(z)) - z) < 1e-9));
  });

  it('has a hazard that is the slope of ln Phi', () => {
    for (const z of [-39, -20, -2.001, -2, -1.999, -0.5, 0, 3]) {
      const slope = (normalLogCdf(z + 1e-5) - normalLogCdf(z - 1e-5)) / 2e-5;
      expect(relativeError(normalHazard(z), slope)).toBeLessThan(1e-6);
    }
    expect(relativeError(normalHazard(-10), normalPdf(10) / cdf(-10, 0, 1))).toBeLessThan(1e-12);
    expect(normalHazard(-1e9)).toBe(1e9);
  });

  it('has moments of its positive part that agree where both ways of computing them meet, and in the limit', () => {
    const [below, above] = [positiveNormal(-2 - 1e-9), positiveNormal(-2 + 1e-9)];
    expect(below.mean).toBeCloseTo(above.mean, 8);
    expect(below.variance).toBeCloseTo(above.variance, 8);
    const far = positiveNormal(-1e4);
    expect(far.mean * 1e4).toBeCloseTo(1, 7);
    expect(far.variance * 1e8).toBeCloseTo(1, 6);
    expect(positiveNormal(50)).toEqual({ mean: 50, variance: 1 });
  });
});
