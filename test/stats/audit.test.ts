import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit, mean } from '../../src/stats.ts';
import { createNoise, range } from './numbers.ts';

const scores = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 3, maxLength: 3 });

function coverage(sigma: number, sharedNoise = 0) {
  const noise = createNoise(17);
  const results = range(3000).map(() => {
    const shared = range(3).map(() => sharedNoise * noise.normal());
    const [final, anchor] = [shared.map((x) => x - 0.7 + noise.normal()), shared.map((x) => x + noise.normal())];
    const { lower, upper, paired } = audit({ final, anchor, sigma, sameSeeds: true });
    return { plain: lower <= -0.7 && -0.7 <= upper ? 1 : 0, paired: paired && paired.lower <= -0.7 && -0.7 <= paired.upper ? 1 : 0 };
  });
  return { plain: mean(results.map((result) => result.plain)), paired: mean(results.map((result) => result.paired)) };
}

describe('an audit', () => {
  it('gives the difference of means with its t interval', () => {
    const result = audit({ final: [1, 2, 3], anchor: [5, 6, 7], sigma: 0.5 });
    const half = 2.7764451051978 * Math.sqrt(2 / 3);
    expect(result).toMatchObject({ claim: -4, sigma: 1, df: 4, verdict: 'gain shown', repeats: { ss: 4, df: 4 } });
    expect(result.upper).toBeCloseTo(-4 + half, 9);
    expect(result.lower).toBeCloseTo(-4 - half, 9);
    expect(result.paired).toBeUndefined();
  });

  it('covers the truth in 95 %, in 95 % or more where the loop knows sigma, and in pairs too', () => {
    expect(Math.abs(coverage(0).plain - 0.95)).toBeLessThan(0.012);
    expect(coverage(1).plain).toBeGreaterThan(0.95);
    expect(Math.abs(coverage(0, 5).paired - 0.95)).toBeLessThan(0.012);
  });

  it('never claims less noise than the loop measured', () => {
    const equal = { final: [1, 1, 1], anchor: [2, 2, 2] };
    expect(audit({ ...equal, sigma: 1 }).verdict).toBe('no gain shown');
    expect(audit({ ...equal, sigma: 0 })).toMatchObject({ lower: -1, upper: -1, verdict: 'gain shown' });
  });

  it('pools the repeats of earlier audits, which narrows the interval', () => {
    const first = audit({ final: [1, 2, 3], anchor: [2, 3, 4], sigma: 0 });
    const second = audit({ final: [1, 2, 3], anchor: [2, 3, 4], sigma: 0, earlier: first.repeats });
    expect(second.df).toBe(8);
    expect(second.upper - second.lower).toBeLessThan(first.upper - first.lower);
  });

  it('shows nothing without a repeat', () => {
    expect(audit({ final: [1], anchor: [9], sigma: 1 })).toMatchObject({
      claim: -8,
      lower: -Infinity,
      upper: Infinity,
      verdict: 'no gain shown',
    });
    expect(() => audit({ final: [], anchor: [9], sigma: 1 })).toThrow(RangeError);
    expect(() => audit({ final: [1, 2], anchor: [9], sigma: 1, sameSeeds: true })).toThrow(RangeError);
  });

  it('gives a narrower paired interval where seeds explain the noise', () => {
    const { lower, upper, paired } = audit({ final: [1, 11, 21], anchor: [2, 12.1, 22.2], sigma: 0, sameSeeds: true });
    expect(paired?.claim).toBeCloseTo(-1.1, 12);
    expect((paired?.upper ?? NaN) - (paired?.lower ?? NaN)).toBeLessThan((upper - lower) / 10);
  });

  it('holds its claim, and mirrors with the sides', () => {
    fc.assert(
      fc.property(scores, scores, fc.double({ min: 0, max: 10, noNaN: true }), (final, anchor, sigma) => {
        const [one, other] = [audit({ final, anchor, sigma }), audit({ final: anchor, anchor: final, sigma })];
        expect(one.lower <= one.claim && one.claim <= one.upper).toBe(true);
        expect(other.claim).toBeCloseTo(-one.claim, 10);
        expect(other.lower).toBeCloseTo(-one.upper, 8);
        const mirrored = { 'gain shown': 'loss', loss: 'gain shown', 'no gain shown': 'no gain shown' } as const;
        expect(other.verdict).toBe(mirrored[one.verdict]);
      }),
    );
  });

  it('shows neither a gain nor a loss where the interval touches zero', () => {
    expect(audit({ final: [1, 1], anchor: [1, 1], sigma: 0 })).toMatchObject({ lower: 0, upper: 0, verdict: 'no gain shown' });
  });

  it('gives no paired interval for one pair', () => {
    expect(audit({ final: [1], anchor: [2], sigma: 0, sameSeeds: true }).paired).toBeUndefined();
    expect(audit({ final: [1, 2], anchor: [2, 3], sigma: 0, sameSeeds: true }).paired).toMatchObject({ claim: -1, lower: -1, upper: -1 });
  });

  it.each([
    [{ final: [] }, 'an audit needs trials of both sides, got 0 and 1'],
    [{ anchor: [] }, 'an audit needs trials of both sides, got 1 and 0'],
    [{ final: [NaN] }, 'scores must be finite numbers'],
    [{ anchor: [Infinity] }, 'scores must be finite numbers'],
    [{ sigma: -1 }, 'sigma must be'],
    [{ level: 1 }, 'the level must be'],
    [{ final: [1, 2], sameSeeds: true }, 'sides with the same seeds have as many trials, got 2 and 1'],
  ])('refuses %j, and says why', (part, text) => {
    const call = () => audit({ final: [1], anchor: [9], sigma: 1, ...part });
    expect(call).toThrow(RangeError);
    expect(call).toThrow(text);
  });
});

describe('an audit that knows how sure the loop is of its noise', () => {
  const sigma = fc.double({ min: 0.01, max: 20, noNaN: true });

  it('pools both, the loop at half the weight of its own trials at most; trials that are much noisier count alone', () => {
    fc.assert(
      fc.property(scores, scores, sigma, fc.integer({ min: 0, max: 30 }), (final, anchor, loop, df) => {
        const alone = audit({ final, anchor, sigma: 0 });
        const result = audit({ final, anchor, sigma: loop, df });
        const isNoisier = df > 0 && alone.sigma ** 2 > 3 * loop ** 2;
        const weight = isNoisier ? 0 : Math.min(df, 2);
        expect(result.df).toBeCloseTo(4 + weight, 9);
        expect(result.sigma ** 2).toBeCloseTo((4 * alone.sigma ** 2 + weight * loop ** 2) / (4 + weight), 6);
        expect(result.repeats).toEqual(alone.repeats);
      }),
    );
  });

  it('takes three times the variance of the loop for chance, and more for other data', () => {
    // Each side has the variance 3.
    const sides = { final: [0, Math.sqrt(6)], anchor: [10, 10 + Math.sqrt(6)] };
    expect(audit({ ...sides, sigma: 1.0001, df: 100 })).toMatchObject({ df: 3 });
    expect(audit({ ...sides, sigma: 0.9999, df: 100 })).toMatchObject({ df: 2 });
  });

  it('shows nothing without a repeat of its own', () => {
    expect(audit({ final: [1], anchor: [9], sigma: 0.1, df: 50 })).toMatchObject({
      upper: Infinity,
      verdict: 'no gain shown',
      sigma: 0,
      df: 0,
    });
  });
});
