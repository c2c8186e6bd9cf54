import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disagree, isDoubtful, outlying } from '../../src/stats.ts';
import { createNoise, range } from './numbers.ts';

const score = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 8);
const scores = fc.array(score, { maxLength: 9 });
const known = fc.record({ sigma: fc.constantFrom(0.125, 1, 8), df: fc.integer({ min: 1, max: 30 }), seen: fc.boolean() });

describe('trials that are far off', () => {
  it('are the one that is, and never half of them', () => {
    expect(outlying([1, 1.1, 0.9, 1.05, 9])).toEqual([4]);
    expect(outlying([9, 1, 1.1, 0.9, 1.05])).toEqual([0]);
    expect(outlying([1, 1.1, 0.9, 1.05, 0.95, 9, -20])).toEqual([5, 6]);
    expect(outlying([1, 1, 9, 9])).toEqual([]);
    fc.assert(
      fc.property(scores, fc.option(known), (values, noise) => {
        const found = outlying(values, noise ?? undefined);
        expect(found).toEqual([...new Set(found)].toSorted((a, b) => a - b));
        expect(2 * found.length).toBeLessThan(Math.max(1, values.length));
        expect(found.every((index) => index in values)).toBe(true);
      }),
    );
  });

  it('cannot be told of two, nor of three where the noise is not known', () => {
    expect(outlying([1, 100], { sigma: 0.1, df: 9 })).toEqual([]);
    expect(outlying([1, 1, 100])).toEqual([]);
    expect(outlying([1, 1.1, 100], { sigma: 0.1, df: 9 })).toEqual([2]);
    expect(outlying([1, 1, 1, 100])).toEqual([3]);
  });

  it('are the same ones on any scale and the other way round', () => {
    fc.assert(
      fc.property(fc.uniqueArray(score, { maxLength: 9 }), known, (values, noise) => {
        const found = outlying(values, noise).map((index) => values[index]);
        expect(
          outlying(
            values.map((value) => -value),
            noise,
          ).map((index) => values[index]),
        ).toEqual(found);
        expect(
          outlying(
            values.map((value) => 4 * value),
            { ...noise, sigma: 4 * noise.sigma },
          ).map((index) => values[index]),
        ).toEqual(found);
      }),
    );
  });

  it('are told against what is known of the noise, and believed sooner once some were seen', () => {
    const values = [0, 0, 3];
    expect(outlying(values, { sigma: 1, df: 20 })).toEqual([]);
    expect(outlying(values, { sigma: 1, df: 20, seen: true })).toEqual([2]);
    expect(outlying(values, { sigma: 0.5, df: 20 })).toEqual([2]);
    expect(outlying(values, { sigma: 10, df: 20, seen: true })).toEqual([]);
    expect(outlying([0, 0, 0], { sigma: 0, df: 5 })).toEqual([]);
    expect(outlying([0, 0, 1e-9], { sigma: 0, df: 5 })).toEqual([2]);
  });

  it('are found in noise alone as seldom as is said', () => {
    const noise = createNoise(5);
    const rate = (known?: { sigma: number; df: number; seen?: boolean }) =>
      range(2000).filter(
        () =>
          outlying(
            range(5).map(() => noise.normal()),
            known,
          ).length > 0,
      ).length / 2000;
    expect(rate()).toBeLessThan(0.12);
    expect(rate()).toBeGreaterThan(0.04);
    expect(rate({ sigma: 1, df: 40 })).toBeLessThan(0.02);
    expect(rate({ sigma: 1, df: 40, seen: true })).toBeLessThan(0.17);
    expect(rate({ sigma: 1, df: 40, seen: true })).toBeGreaterThan(0.08);
  });

  it('must be numbers', () => {
    expect(() => outlying([1, NaN, 2])).toThrow('scores must be finite numbers, got NaN');
    expect(() => isDoubtful([1, Infinity, 2])).toThrow('scores must be finite numbers');
  });
});

describe('a doubtful trial', () => {
  it('is one that another trial should come before, of three at least', () => {
    expect(isDoubtful([1, 100])).toBe(false);
    expect(isDoubtful([1, 1, 100])).toBe(true);
    expect(isDoubtful([1, 2, 3])).toBe(false);
    expect(isDoubtful([1, 1, 1])).toBe(false);
    expect(isDoubtful([1, 2, 3], { sigma: 0.1, df: 20 })).toBe(true);
    expect(isDoubtful([1, 1, 4], { sigma: 10, df: 20 })).toBe(false);
  });

  it('is every one that is far off', () => {
    fc.assert(
      fc.property(scores, fc.option(known), (values, noise) => {
        if (outlying(values, noise ?? undefined).length > 0) expect(isDoubtful(values, noise ?? undefined)).toBe(true);
      }),
    );
  });
});

describe('two trials', () => {
  it('disagree where the noise explains their difference in less than one case of a hundred', () => {
    const sigma = 2;
    const at = (z: number) => [10, 10 + z * Math.SQRT2 * sigma] as const;
    // 2.576 standard deviations of a difference; 1.44 for the 15 % once some were far off.
    expect(disagree(...at(2.5), { sigma, df: 1e6 })).toBe(false);
    expect(disagree(...at(2.65), { sigma, df: 1e6 })).toBe(true);
    expect(disagree(...at(-2.65), { sigma, df: 1e6 })).toBe(true);
    expect(disagree(...at(1.4), { sigma, df: 1e6, seen: true })).toBe(false);
    expect(disagree(...at(1.5), { sigma, df: 1e6, seen: true })).toBe(true);
    expect(disagree(...at(2.65), { sigma, df: 3 })).toBe(false);
  });

  it('do not where nothing is known of the noise, or where they are equal', () => {
    expect(disagree(1, 100, { sigma: 0, df: 0 })).toBe(false);
    expect(disagree(1, 1, { sigma: 0, df: 5 })).toBe(false);
    expect(disagree(1, 1.001, { sigma: 0, df: 5 })).toBe(true);
  });
});
