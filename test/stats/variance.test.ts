import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumOfSquares } from '../../src/stats/descriptive.ts';
import {
  estimateSigma,
  mean,
  median,
  NO_REPEATS,
  pool,
  poolRobust,
  quantile,
  robustDeviation,
  standardDeviation,
} from '../../src/stats.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('descriptive statistics', () => {
  it('have known values', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.138089935299395, 14);
    expect(standardDeviation([3])).toBe(0);
    expect(median([5, 1, 3, 2])).toBe(2.5);
    expect(quantile([10, 20, 30, 40], 0.95)).toBeCloseTo(38.5, 12);
    expect(robustDeviation([1, 1, 2, 2, 4, 6, 900])).toBeCloseTo(1.4826, 12);
    expect(robustDeviation([0, 4, 8])).toBeCloseTo(4 * 1.4826, 12);
  });

  it('find no spread in equal values', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 1, max: 20 }), (value, n) => {
        const equal = Array.from({ length: n }, () => value);
        expect(mean(equal) === value).toBe(true);
        expect(standardDeviation(equal)).toBe(0);
      }),
    );
  });

  it('lie between the extremes, and mirror with the values', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        const mirrored = values.map((value) => -value);
        expect(quantile(values, p)).toBeGreaterThanOrEqual(Math.min(...values));
        expect(quantile(values, p)).toBeLessThanOrEqual(Math.max(...values));
        expect(quantile(mirrored, 1 - p)).toBeCloseTo(-quantile(values, p), 4);
        expect(mean(mirrored)).toBeCloseTo(-mean(values), 8);
        expect(standardDeviation(mirrored)).toBeCloseTo(standardDeviation(values), 8);
      }),
    );
  });

  it('refuse an empty list, and quantiles beyond the ends', () => {
    expect(() => mean([])).toThrow('the mean needs a value, got none');
    for (const of of [sumOfSquares, standardDeviation]) expect(() => of([])).toThrow('the mean needs a value');
    for (const of of [median, robustDeviation]) expect(() => of([])).toThrow('a quantile needs a value, got none');
    for (const p of [-0.01, 1.01, NaN]) expect(() => quantile([1], p)).toThrow(`a quantile is taken from 0 to 1, got ${p}`);
  });

  it('take the values in any order, and leave them in theirs', () => {
    const given = [9, -1, 4, 4];
    expect([quantile(given, 0), quantile(given, 1), median(given), quantile(given, 0.75)]).toEqual([-1, 9, 4, 5.25]);
    expect(sumOfSquares([1, 2, 6])).toBe(14);
    expect(given).toEqual([9, -1, 4, 4]);
    // No difference of two equal ends, which may be no number.
    expect(quantile([Infinity, 1, Infinity], 0.75)).toBe(Infinity);
  });
});

describe('the noise of one trial', () => {
  it('is pooled around the mean of each commit', () => {
    const pooled = pool(pool(pool(NO_REPEATS, [1, 2, 3]), [100]), [10, 14]);
    expect(pooled).toEqual({ ss: 10, df: 3 });
    expect(estimateSigma(pooled)).toBeCloseTo(Math.sqrt(10 / 3), 14);
    expect(pool(pooled, [])).toEqual(pooled);
  });

  it('takes a guess as two degrees of freedom', () => {
    expect(estimateSigma({ ss: 10, df: 3 }, { guess: 2 })).toBeCloseTo(Math.sqrt(18 / 5), 14);
    expect(estimateSigma(NO_REPEATS, { guess: 2 })).toBe(2);
    expect(estimateSigma(NO_REPEATS)).toBeUndefined();
  });

  it('is never below a tenth of the first estimate, and 0 for a metric that never varies', () => {
    expect(estimateSigma({ ss: 1e-9, df: 4 }, { first: 3 })).toBeCloseTo(0.3, 14);
    expect(estimateSigma(pool(NO_REPEATS, [0.1, 0.1, 0.1]))).toBe(0);
  });

  it('mixes a guess in with the weight it is given', () => {
    expect(estimateSigma({ ss: 10, df: 3 }, { guess: 2, guessDf: 5 })).toBeCloseTo(Math.sqrt(30 / 8), 14);
    expect(estimateSigma({ ss: 10, df: 3 }, { guess: 0 })).toBeCloseTo(Math.sqrt(10 / 5), 14);
    expect(estimateSigma({ ss: 10, df: 2 }, { guess: 2 })).toBeCloseTo(Math.sqrt(18 / 4), 14);
    expect(estimateSigma(NO_REPEATS, { guess: 1, first: 30 })).toBe(3);
    expect(estimateSigma(NO_REPEATS, { first: 30 })).toBeUndefined();
  });

  it('refuses what is no noise', () => {
    expect(() => pool(NO_REPEATS, [1, NaN])).toThrow('scores must be finite numbers, got NaN');
    expect(() => estimateSigma({ ss: -1, df: 1 })).toThrow('the pooled squares must be a finite number, 0 or more, got -1');
    expect(() => estimateSigma({ ss: 1, df: -1 })).toThrow('the degrees of freedom must be 0 or more, got -1');
    expect(() => estimateSigma(NO_REPEATS, { guess: -1 })).toThrow('the guess of sigma must be a finite number, 0 or more, got -1');
  });
});

describe('repeats pooled so that a few far-off trials do not count', () => {
  /** The rule, said once more: six times out of seven hundred a trial is off, and then seven times as wide. */
  const weightOf = (ss: number, df: number, variance: number) => {
    const clean = 0.985 ** (df + 1);
    return clean / (clean + (1 - clean) * 7 ** -df * Math.exp((ss / (2 * variance)) * (1 - 1 / 49)));
  };

  it('are the plain sum where there is one commit, or no noise', () => {
    expect(poolRobust([])).toEqual(NO_REPEATS);
    expect(poolRobust([{ ss: 90, df: 2 }])).toEqual({ ss: 90, df: 2 });
    expect(poolRobust([{ ss: 90, df: 2 }, NO_REPEATS])).toEqual({ ss: 90, df: 2 });
    // Half of the repeats show none.
    expect(
      poolRobust([
        { ss: 0, df: 2 },
        { ss: 8, df: 2 },
      ]),
    ).toEqual({ ss: 8, df: 4 });
  });

  it('are weighed by how likely each is plain noise of the variance that comes out', () => {
    const groups = [
      { ss: 1.5, df: 2 },
      { ss: 400, df: 1 },
      { ss: 3, df: 3 },
      { ss: 0.5, df: 1 },
      { ss: 9, df: 2 },
    ];
    const found = poolRobust(groups);
    const variance = found.ss / found.df;
    const weights = groups.map(({ ss, df }) => weightOf(ss, df, variance));
    expect(found.ss).toBeCloseTo(
      groups.reduce((sum, { ss }, i) => sum + (weights[i] ?? 0) * ss, 0),
      3,
    );
    expect(found.df).toBeCloseTo(
      groups.reduce((sum, { df }, i) => sum + (weights[i] ?? 0) * df, 0),
      3,
    );
    expect(weights[1]).toBeLessThan(1e-9);
    expect(poolRobust(groups.toReversed()).ss).toBeCloseTo(found.ss, 9);
  });

  it('can be told apart from two commits on', () => {
    const found = poolRobust([
      { ss: 2, df: 2 },
      { ss: 400, df: 1 },
    ]);
    expect(found).toEqual({ ss: expect.closeTo(2, 1), df: expect.closeTo(2, 1) });
  });

  it('start at the variance that half of the degrees of freedom are below', () => {
    // Two figures agree with themselves here: where most of the repeats are small, the small one is taken.
    const small = Array.from({ length: 6 }, () => ({ ss: 1, df: 1 }));
    const large = Array.from({ length: 5 }, () => ({ ss: 1e4, df: 1 }));
    const sigma2 = ({ ss, df }: { readonly ss: number; readonly df: number }) => ss / df;
    expect(sigma2(poolRobust([...large, ...small]))).toBeLessThan(1.1);
    expect(sigma2(poolRobust([...large, { ss: 1e4, df: 1 }, { ss: 1e4, df: 1 }, ...small]))).toBeGreaterThan(1000);
    // The middle is that of the variances, in whatever order and of however many degrees of freedom they come.
    const wide = Array.from({ length: 100 }, () => ({ ss: 2e4, df: 1 }));
    expect(sigma2(poolRobust([{ ss: 101, df: 101 }, ...wide, { ss: 220, df: 200 }]))).toBeLessThan(1.2);
    // Degrees of freedom count, and not commits.
    expect(sigma2(poolRobust([...large, { ss: 6, df: 6 }]))).toBeLessThan(1.1);
  });
});
