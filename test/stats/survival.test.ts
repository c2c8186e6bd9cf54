import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { survival, type MovedChange } from '../../src/stats.ts';
import { createNoise } from './numbers.ts';

/** Changes whose gain was estimated, then measured once more after they were moved: a share of them still works. */
function moved(share: number, n: number, seed: number): MovedChange[] {
  const noise = createNoise(seed);
  return Array.from({ length: n }, () => {
    const [E, V, S2] = [-noise.exponential(1.5) - 0.3, 0.6, 1.2];
    const effect = noise.unit() < share ? E + Math.sqrt(V) * noise.normal() : noise.unit() < 0.5 ? 0 : noise.exponential(3);
    return { E, V, S2, d: effect + Math.sqrt(S2) * noise.normal() };
  });
}

describe('the share of gains that survive', () => {
  it('is three in four while nothing is known', () => {
    const { mean, low, high, n } = survival([]);
    expect(mean).toBeCloseTo(0.75, 3);
    expect([low, high, n]).toEqual([expect.closeTo(0.29, 1), expect.closeTo(0.99, 1), 0]);
  });

  it.each([0.1, 0.5, 0.9, 1])('is learned: %d', (share) => {
    const { mean, low, high } = survival(moved(share, 400, 7));
    expect(Math.abs(mean - share)).toBeLessThan(0.15);
    expect(low).toBeLessThanOrEqual(mean);
    expect(high).toBeGreaterThanOrEqual(mean);
    expect(high - low).toBeLessThan(0.35);
  });

  it('has an interval that holds it', () => {
    const right = Array.from({ length: 40 }, (_, seed) => survival(moved(0.6, 40, seed + 1))).filter(
      ({ low, high }) => low <= 0.6 && 0.6 <= high,
    );
    expect(right.length).toBeGreaterThan(32);
  });

  it('is a share, rises with a change that measures as it was estimated, and does not depend on their order', () => {
    const change = fc.record({
      E: fc.double({ min: -8, max: -0.1, noNaN: true }),
      V: fc.double({ min: 0.01, max: 3, noNaN: true }),
      d: fc.double({ min: -20, max: 60, noNaN: true }),
      S2: fc.double({ min: 0.01, max: 4, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const { mean, low, high } = survival(changes);
        expect(mean > 0 && mean < 1 && low <= high).toBe(true);
        expect(survival(changes.toReversed()).mean).toBeCloseTo(mean, 9);
        expect(survival([...changes, { E: -6, V: 0.1, d: -6, S2: 1 }]).mean).toBeGreaterThanOrEqual(mean);
        expect(survival([...changes, { E: -6, V: 0.1, d: 3, S2: 1 }]).mean).toBeLessThanOrEqual(mean);
      }),
    );
  });

  it('refuses numbers that are none', () => {
    expect(() => survival([{ E: Number.NaN, V: 1, d: 0, S2: 1 }])).toThrow(RangeError);
  });
});
