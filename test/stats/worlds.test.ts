import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createGenerator,
  disagree,
  isDoubtful,
  isShared,
  mixParts,
  normalCdf,
  normalQuantile,
  outlying,
  poolRobust,
  seedContrast,
  seedExplains,
  seedSpread,
  sigmaNodes,
  studentCdf,
} from '../../src/stats.ts';

const score = fc.double({ min: -100, max: 100, noNaN: true });
const scores = fc.array(score, { minLength: 1, maxLength: 8 });
const draw = (seed: number) => {
  const { unit } = createGenerator(seed);
  return () => normalQuantile(unit());
};

describe('trials that are far off', () => {
  it('are never half or more, and the same in any unit and direction', () => {
    fc.assert(
      fc.property(scores, fc.double({ min: 0.01, max: 100, noNaN: true }), fc.boolean(), (list, unit, turned) => {
        const found = outlying(list, { sigma: 1, df: 4 });
        expect(2 * found.length).toBeLessThan(list.length);
        const factor = turned ? -unit : unit;
        expect(
          outlying(
            list.map((each) => factor * each),
            { sigma: unit, df: 4 },
          ),
        ).toEqual(found);
      }),
    );
  });

  it('are found where one is, and rarely where none is', () => {
    expect(outlying([0, 0.4, -11, 0.2], { sigma: 1, df: 10 })).toEqual([2]);
    expect(outlying([0, 0.4, -11])).toEqual([]);
    const normal = draw(3);
    let found = 0;
    for (let night = 0; night < 2000; night++) if (outlying([normal(), normal(), normal()], { sigma: 1, df: 1e6 }).length > 0) found++;
    // 1 % at most by Bonferroni's bound, and five standard errors.
    expect(found / 2000).toBeLessThan(0.03 + 5 * Math.sqrt(0.03 / 2000));
    expect(disagree(0, 9, { sigma: 1, df: 8 })).toBe(true);
    expect(disagree(0, 2, { sigma: 1, df: 8 })).toBe(false);
    expect(disagree(0, 9, { sigma: 1, df: 0 })).toBe(false);
    expect([isDoubtful([0, 0.1, 9]), isDoubtful([0, 0.5, 1]), isDoubtful([0, 9])]).toEqual([true, false, false]);
  });
});

describe('seeds', () => {
  const trials = (list: readonly (readonly [number, number])[]) => list.map(([seed, value]) => ({ seed, score: value }));

  it('split the spread into that on one seed and that between seeds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), score), { minLength: 1, maxLength: 9 }), (list) => {
        const { same, other } = seedSpread(trials(list));
        const mean = list.reduce((sum, [, value]) => sum + value, 0) / list.length;
        const all = list.reduce((sum, [, value]) => sum + (value - mean) ** 2, 0);
        expect(same.ss + other.ss).toBeCloseTo(all, 6);
        expect(same.df + other.df).toBe(list.length - 1);
      }),
    );
  });

  it('explain the spread where trials on one seed agree', () => {
    expect(
      seedExplains(
        seedSpread(
          trials([
            [1, 2],
            [2, 5],
            [1, 2.01],
          ]),
        ),
      ),
    ).toBe(true);
    expect(
      seedExplains(
        seedSpread(
          trials([
            [1, 2],
            [2, 2.4],
            [1, 3],
          ]),
        ),
      ),
    ).toBe(false);
    expect(
      seedExplains(
        seedSpread(
          trials([
            [1, 2],
            [2, 5],
          ]),
        ),
      ),
    ).toBe(false);
    expect(
      seedExplains(
        seedSpread(
          trials([
            [1, 2],
            [2, 2],
            [1, 2],
          ]),
        ),
      ),
    ).toBe(false);
  });

  it('are shared where they do the same to every commit', () => {
    expect(
      seedContrast(
        trials([
          [1, 2],
          [2, 5],
          [1, 4],
        ]),
        [1, 2],
      ),
    ).toBe(2);
    expect(seedContrast(trials([[1, 2]]), [1, 2])).toBeUndefined();
    expect([isShared([3]), isShared([3, 3.1]), isShared([3, -1]), isShared([3, 2.5, 3.5])]).toEqual([false, true, false, true]);
  });
});

describe('the doubt of sigma', () => {
  it('makes of normal distributions nearly the t distribution of its degrees of freedom', () => {
    for (const df of [2, 3, 5, 10, 40]) {
      const nodes = sigmaNodes(df);
      expect(nodes.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
      for (const t of [0.5, 1, 2, 3]) {
        const mixed = nodes.reduce((sum, { factor, weight }) => sum + weight * normalCdf(t / factor), 0);
        expect(Math.abs(mixed - studentCdf(t, df))).toBeLessThan(0.012);
      }
    }
    expect(sigmaNodes(500)).toEqual([{ factor: 1, weight: 1 }]);
  });

  it('keeps the mean and the variance of what it mixes', () => {
    const part = fc.record({
      weight: fc.double({ min: 0.01, max: 1, noNaN: true }),
      E: score,
      V: fc.double({ min: 0, max: 9, noNaN: true }),
      pGain: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const { E, V, pGain } = mixParts(parts);
        const total = parts.reduce((sum, { weight }) => sum + weight, 0);
        const second = parts.reduce((sum, each) => sum + each.weight * (each.V + each.E ** 2), 0) / total;
        expect(V + E ** 2).toBeCloseTo(second, 6);
        expect(pGain).toBeGreaterThanOrEqual(Math.min(...parts.map((each) => each.pGain)) - 1e-12);
        expect(pGain).toBeLessThanOrEqual(Math.max(...parts.map((each) => each.pGain)) + 1e-12);
      }),
    );
  });
});

describe('repeats of many commits', () => {
  it('give nearly the plain figure where nothing is far off, and are not spoilt by one that is', () => {
    const normal = draw(9);
    const groups = Array.from({ length: 400 }, () => ({ ss: (normal() - normal()) ** 2 / 2, df: 1 }));
    const sigmaOf = ({ ss, df }: { readonly ss: number; readonly df: number }) => Math.sqrt(ss / df);
    expect(sigmaOf(poolRobust(groups))).toBeGreaterThan(0.88);
    expect(sigmaOf(poolRobust(groups))).toBeLessThan(1.1);
    const spoilt = [...groups.slice(0, 6), { ss: 90, df: 2 }];
    expect(sigmaOf(poolRobust(spoilt))).toBeLessThan(2);
    expect(poolRobust([{ ss: 90, df: 2 }])).toEqual({ ss: 90, df: 2 });
  });
});
