import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PRIOR, logEvidence, survival, type MovedChange } from '../../src/stats.ts';
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

  it.each([
    { E: -2, V: 0.5, d: -1.5, S2: 1 },
    { E: -1, V: 0.2, d: 1, S2: 0.5 },
    { E: -3, V: 2, d: -9, S2: 1 },
  ])('is, after one change %o, that of Bayes’ rule', ({ E, V, d, S2 }) => {
    const variance = V + S2;
    const alive = Math.exp(-((d - E) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
    const dead = Math.exp(logEvidence(d, S2, { w: [0.5, 0.3, 0.2, 0], mu: DEFAULT_PRIOR.mu }));
    // Of a share p with the density 3 p^2.
    const total = alive / 4 + dead / 12;
    const { mean, low, high, n } = survival([{ E, V, d, S2 }]);
    expect(mean).toBeCloseTo((alive / 5 + dead / 20) / total, 4);
    expect(n).toBe(1);
    const below = (p: number) => (alive * (p ** 4 / 4) + dead * (p ** 3 / 3 - p ** 4 / 4)) / total;
    expect(below(low)).toBeCloseTo(0.025, 2);
    expect(below(high)).toBeCloseTo(0.975, 1);
    expect(below(high - 0.0076)).toBeLessThan(0.975);
    expect(below(high + 0.0026)).toBeGreaterThan(0.975);
  });

  it('is a share of thousands of changes, of which no likelihood is a number', () => {
    expect(Math.abs(survival(moved(0.5, 4000, 7)).mean - 0.5)).toBeLessThan(0.1);
  });

  it('can be told without any noise: a gain is there, or it is gone', () => {
    const exact = (d: number) => survival([{ E: -1, V: 0, d, S2: 0 }]);
    expect(exact(-1).mean).toBeCloseTo(4 / 5, 4);
    expect(exact(0).mean).toBeCloseTo(3 / 5, 4);
  });

  it('refuses numbers that are none', () => {
    const change = { E: -1, V: 1, d: 0, S2: 1 };
    for (const wrong of [{ E: NaN }, { d: Infinity }]) expect(() => survival([{ ...change, ...wrong }])).toThrow('effects must be finite');
    expect(() => survival([{ ...change, V: -1 }])).toThrow('the variance of the effect must be a finite number, 0 or more, got -1');
    expect(() => survival([{ ...change, S2: -1 }])).toThrow('the variance of the measurement must be a finite number, 0 or more, got -1');
  });
});
