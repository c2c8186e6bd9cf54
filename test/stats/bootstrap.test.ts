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

  it('is made of the quantiles of draws of items, item by item on both sides', () => {
    const [left, right] = [
      [1, 5, 2, 8],
      [3, 1, 9, 4],
    ];
    const generator = createGenerator(3);
    const draws = range(50).map(() => {
      const places = range(4).map(() => generator.index(4));
      return mean(places.map((i) => left[i] ?? NaN)) - mean(places.map((i) => right[i] ?? NaN));
    });
    expect(bootstrapDifference(left, right, mean, { seed: 3, resamples: 50, level: 0.8 })).toEqual({
      estimate: -0.25,
      lower: quantile(draws, 0.1),
      upper: quantile(draws, 0.9),
    });
    expect(bootstrapDifference([4], [1], mean, { seed: 1 })).toEqual({ estimate: 3, lower: 3, upper: 3 });
  });

  it('refuses lists of different items, and what is no value, number of draws or level', () => {
    expect(() => bootstrapDifference([1, 2], [1], mean, { seed: 1 })).toThrow('paired values must be of the same items, got 2 and 1');
    expect(() => bootstrapDifference([], [], mean, { seed: 1 })).toThrow('a bootstrap needs values, got none');
    for (const [left, right] of [
      [[NaN], [1]],
      [[1], [Infinity]],
    ] as const)
      expect(() => bootstrapDifference(left, right, mean, { seed: 1 })).toThrow('values must be finite numbers');
    for (const resamples of [0, -1, 1.5, NaN])
      expect(() => bootstrapDifference([1], [1], mean, { seed: 1, resamples })).toThrow(
        `resamples must be a whole number above 0, got ${resamples}`,
      );
    expect(bootstrapDifference([2], [1], mean, { seed: 1, resamples: 1 }).upper).toBe(1);
    expect(() => bootstrapDifference([1], [1], mean, { seed: 1, level: 1 })).toThrow('the level must be between 0 and 1, got 1');
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

  it.each([0, 0.3, 0.5, 0.95, 1])('is made of draws of which the quantile %d is taken', (p) => {
    const [left, right] = [
      [3, 1, 4, 1, 5, 9],
      [2, 7, 1, 8],
    ];
    const ordered = (values: readonly number[]) => values.toSorted((a, b) => a - b);
    const generator = createGenerator(5);
    const draw = (values: readonly number[]) =>
      quantile(
        range(values.length).map(() => ordered(values)[generator.index(values.length)] ?? NaN),
        p,
      );
    const draws = range(40).map(() => draw(left) / draw(right));
    const found = bootstrapQuantileRatio(left, right, { seed: 5, quantile: p, resamples: 40 });
    expect(found.estimate).toBe(quantile(left, p) / quantile(right, p));
    expect(found.lower).toBeCloseTo(quantile(draws, 0.025), 12);
    expect(found.upper).toBeCloseTo(quantile(draws, 0.975), 12);
  });

  it('is made of draws of items where they are paired', () => {
    const [left, right] = [
      [3, 1, 4, 1, 5],
      [2, 7, 1, 8, 2],
    ];
    const generator = createGenerator(6);
    const draws = range(40).map(() => {
      const items = range(5).map(() => generator.index(5));
      const of = (values: readonly number[]) =>
        quantile(
          items.map((i) => values[i] ?? NaN),
          0.7,
        );
      return of(left) / of(right);
    });
    const found = bootstrapQuantileRatio(left, right, { seed: 6, quantile: 0.7, resamples: 40, paired: true });
    expect([found.lower, found.upper]).toEqual([0.025, 0.975].map((p) => expect.closeTo(quantile(draws, p), 12)));
  });

  it('refuses values without a ratio', () => {
    const message = 'a ratio of quantiles needs positive numbers';
    expect(() => bootstrapQuantileRatio([1, 0], [1], { seed: 1 })).toThrow(`${message}, got 0`);
    expect(() => bootstrapQuantileRatio([1], [-1], { seed: 1 })).toThrow(`${message}, got -1`);
    expect(() => bootstrapQuantileRatio([1], [Infinity], { seed: 1 })).toThrow(`${message}, got Infinity`);
    for (const [left, right] of [
      [[], [1]],
      [[1], []],
    ] as const)
      expect(() => bootstrapQuantileRatio(left, right, { seed: 1 })).toThrow('a quantile needs a value');
    expect(() => bootstrapQuantileRatio([1, 2], [1], { seed: 1, paired: true })).toThrow('paired values must be of the same items');
    for (const p of [-0.1, 1.1])
      expect(() => bootstrapQuantileRatio([1], [1], { seed: 1, quantile: p })).toThrow(`a quantile is taken from 0 to 1, got ${p}`);
  });
});
