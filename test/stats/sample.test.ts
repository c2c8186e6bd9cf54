import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGenerator, mean, normalQuantile, quantile, sampleBeta, sampleGamma, standardDeviation } from '../../src/stats.ts';
import { range } from './numbers.ts';

const N = 40_000;
const draw = (sample: (random: ReturnType<typeof createGenerator>) => number, seed = 1) => {
  const random = createGenerator(seed);
  return range(N).map(() => sample(random));
};

describe('draws from the gamma distribution', () => {
  it.each([0.05, 0.3, 1, 2.5, 40, 1000])('have its mean and variance for the shape %d', (shape) => {
    const values = draw((random) => sampleGamma(shape, random));
    // Six standard errors of each; the fourth moment of a gamma is 3 k (k + 2).
    expect(Math.abs(mean(values) - shape)).toBeLessThan(6 * Math.sqrt(shape / N));
    expect(Math.abs(standardDeviation(values) ** 2 - shape)).toBeLessThan(6 * Math.sqrt((3 * shape * (shape + 2) - shape ** 2) / N));
  });

  it('have the quantiles of an exponential distribution for the shape 1, and of a chi-square for a half', () => {
    const exponential = draw((random) => sampleGamma(1, random));
    const half = draw((random) => sampleGamma(0.5, random));
    for (const p of [0.1, 0.25, 0.5, 0.75, 0.9]) {
      expect(quantile(exponential, p)).toBeCloseTo(-Math.log(1 - p), 1);
      expect(quantile(half, p)).toBeCloseTo(normalQuantile((1 + p) / 2) ** 2 / 2, 1);
    }
  });

  // Records that hold such draws are computed again from their seeds.
  it.each([
    [0.05, [0.009985747854772005, 1.641385486116406e-12]],
    [1, [0.08345757881567958, 1.3456546363058697]],
    [2.5, [0.8181337533849226, 4.537459168279473]],
    [1000, [961.4598785549838, 1039.1860920934546]],
  ])('are the same for the same seed: %d', (shape, expected) => {
    const random = createGenerator(3);
    expect(expected.map(() => sampleGamma(shape, random))).toEqual(expected.map((each) => expect.closeTo(each, 12)));
  });

  it('are refused for what is no shape', () => {
    for (const shape of [0, -1, NaN, Infinity])
      expect(() => sampleGamma(shape, createGenerator(1))).toThrow(`a shape must be a finite number above 0, got ${shape}`);
  });
});

describe('draws from the beta distribution', () => {
  it.each([
    [1, 1],
    [0.2, 1.8],
    [30, 70],
    [1e-3, 1e-3],
  ])('have its mean and variance for %d and %d', (a, b) => {
    const values = draw((random) => sampleBeta(a, b, random));
    const variance = (a * b) / ((a + b) ** 2 * (a + b + 1));
    expect(Math.abs(mean(values) - a / (a + b))).toBeLessThan(6 * Math.sqrt(variance / N));
    expect(standardDeviation(values) ** 2).toBeCloseTo(variance, 2);
  });

  it('are ends in the right share where both shapes are too small for any draw between', () => {
    const ones = draw((random) => sampleBeta(1e-300, 9e-300, random)).reduce((sum, value) => sum + value, 0);
    expect(Math.abs(ones / N - 0.1)).toBeLessThan(6 * Math.sqrt(0.09 / N));
  });

  it('are chances, whatever the shapes, and the same for the same seed', () => {
    const shape = fc.double({ min: 1e-12, max: 1e12, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(shape, shape, fc.integer(), (a, b, seed) => {
        const value = sampleBeta(a, b, createGenerator(seed));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(sampleBeta(a, b, createGenerator(seed))).toBe(value);
      }),
    );
  });
});
