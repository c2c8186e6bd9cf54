import { describe, expect, it } from 'vitest';
import { isShared, seedContrast, seedExplains, seedSpread, type SeedSpread } from '../../src/stats.ts';

const trials = (...list: readonly (readonly [seed: number, score: number])[]) => list.map(([seed, score]) => ({ seed, score }));
const spread = (same: SeedSpread['same'], other: SeedSpread['other']) => ({ same, other });

describe('the spread by seeds', () => {
  it('is that around the means of the seeds, and that of those means', () => {
    const found = seedSpread(trials([1, 10], [2, 20], [1, 12]));
    expect(found).toEqual(spread({ ss: 2, df: 1 }, { ss: 54, df: 1 }));
    expect(seedSpread(trials([1, 1], [2, 3], [3, 5]))).toEqual(spread({ ss: 0, df: 0 }, { ss: 8, df: 2 }));
    expect(seedSpread([])).toEqual(spread({ ss: 0, df: 0 }, { ss: 0, df: 0 }));
  });

  it('is never below 0, whatever the last digits are', () => {
    const found = seedSpread(trials([1, 0.3], [2, 0.1], [1, 0.1], [2, 0.3]));
    expect(found.other.ss).toBeGreaterThanOrEqual(0);
    expect(found.other.ss).toBeLessThan(1e-15);
  });

  it('is refused for scores that are none', () => {
    expect(() => seedSpread(trials([1, NaN]))).toThrow('scores must be finite numbers, got NaN');
  });
});

describe('a seed explains the spread', () => {
  it('where it leaves a twentieth of the variance or less', () => {
    expect(seedExplains(spread({ ss: 1, df: 2 }, { ss: 20, df: 2 }))).toBe(true);
    expect(seedExplains(spread({ ss: 1.01, df: 2 }, { ss: 20, df: 2 }))).toBe(false);
    // Per degree of freedom, on both sides.
    expect(seedExplains(spread({ ss: 1, df: 1 }, { ss: 20, df: 2 }))).toBe(false);
    expect(seedExplains(spread({ ss: 1, df: 2 }, { ss: 20, df: 4 }))).toBe(false);
    expect(seedExplains(spread({ ss: 0, df: 1 }, { ss: 1e-9, df: 1 }))).toBe(true);
  });

  it('never where no seed came twice, or only one came, or nothing varies', () => {
    expect(seedExplains(spread({ ss: 0, df: 0 }, { ss: 9, df: 1 }))).toBe(false);
    expect(seedExplains(spread({ ss: 1, df: 1 }, { ss: 1, df: 0 }))).toBe(false);
    expect(seedExplains(spread({ ss: 0, df: 1 }, { ss: 0, df: 1 }))).toBe(false);
  });
});

describe('the contrast of two seeds', () => {
  it('is what the second adds, over the trials on each', () => {
    const list = trials([1, 10], [1, 12], [2, 20], [3, 99]);
    expect(seedContrast(list, [1, 2])).toBe(9);
    expect(seedContrast(list, [2, 1])).toBe(-9);
    expect([seedContrast(list, [1, 4]), seedContrast(list, [4, 1])]).toEqual([undefined, undefined]);
  });

  it('is shared where it varies little next to its size; three commits have less chance in them than two', () => {
    expect([isShared([]), isShared([3])]).toEqual([false, false]);
    expect([isShared([3, 4]), isShared([-4, -3]), isShared([3, 4.3])]).toEqual([true, true, false]);
    expect([isShared([1, 2, 3]), isShared([0.9, 2, 3.1]), isShared([-3, -2, -1])]).toEqual([true, false, true]);
    expect([isShared([2, 2]), isShared([2, -2])]).toEqual([true, false]);
  });
});
