import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countChanges, nonInferiorBinary, nonInferiorMean, nonInferiorQuantile, requiredItems } from '../../src/stats.ts';
import { createNoise, range } from './numbers.ts';

/** The exact pass rate of the binary test: over all counts, their trinomial probability where the test passes. */
function passRate(n: number, brokenRate: number, fixedRate: number, margin: number): number {
  const logFactorial = [0];
  for (let k = 1; k <= n; k++) logFactorial.push((logFactorial[k - 1] ?? 0) + Math.log(k));
  const at = (k: number) => logFactorial[k] ?? NaN;
  let rate = 0;
  for (const broken of range(Math.min(n, 60) + 1)) {
    for (const fixed of range(Math.min(n - broken, 40) + 1)) {
      if (!nonInferiorBinary({ broken, fixed, n, margin }).pass) continue;
      const rest = n - broken - fixed;
      const ways = at(n) - at(broken) - at(fixed) - at(rest);
      rate += Math.exp(ways + broken * Math.log(brokenRate) + fixed * Math.log(fixedRate) + rest * Math.log(1 - brokenRate - fixedRate));
    }
  }
  return rate;
}

/** Counts of an item set drawn at random. */
function drawCounts(noise: ReturnType<typeof createNoise>, n: number, brokenRate: number, fixedRate: number) {
  let broken = 0;
  let fixed = 0;
  for (let i = 0; i < n; i++) {
    const u = noise.unit();
    if (u < brokenRate) broken++;
    else if (u < brokenRate + fixedRate) fixed++;
  }
  return { broken, fixed, n };
}

const counts = fc
  .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 2000 }))
  .map(([broken, fixed, same]) => ({ broken, fixed, n: broken + fixed + same }))
  .filter(({ n }) => n > 0);

describe('non-inferiority of paired answers', () => {
  it.each([
    [100, 0.05, 0.02],
    [300, 0.51, 0.06],
    [1000, 0.92, 0.06],
  ])('with %d items passes no change and a change at the margin as often as published', (n, unchanged, atMargin) => {
    expect(Math.abs(passRate(n, 0.005, 0.005, 0.01) - unchanged)).toBeLessThan(0.012);
    expect(Math.abs(passRate(n, 0.015, 0.005, 0.01) - atMargin)).toBeLessThan(0.012);
  });

  it('passes as often in drawn item sets', () => {
    const noise = createNoise(11);
    const passes = range(1500).filter(() => nonInferiorBinary({ ...drawCounts(noise, 300, 0.005, 0.005), margin: 0.01 }).pass).length;
    expect(Math.abs(passes / 1500 - 0.51)).toBeLessThan(0.04);
  });

  it('adds half an item to both sides', () => {
    const { estimate, upper, pass } = nonInferiorBinary({ broken: 3, fixed: 4, n: 2400, margin: 0.01 });
    expect(estimate).toBeCloseTo(-1 / 2400, 14);
    expect(upper).toBeCloseTo(-1 / 2402 + (1.6448536 * Math.sqrt(8 - 1 / 2402)) / 2402, 9);
    expect(pass).toBe(true);
    expect(nonInferiorBinary({ broken: 0, fixed: 0, n: 100, margin: 0.01 }).pass).toBe(false);
    expect(nonInferiorBinary({ broken: 0, fixed: 0, n: 0, margin: 1 }).pass).toBe(false);
  });

  it('has a bound above the estimate that grows with every broken item', () => {
    fc.assert(
      fc.property(counts, ({ broken, fixed, n }) => {
        const one = nonInferiorBinary({ broken, fixed, n, margin: 0.01 });
        expect(one.upper).toBeGreaterThan(one.estimate);
        const grows = broken + fixed < n && 2 * (broken - fixed) < n;
        if (grows) expect(nonInferiorBinary({ broken: broken + 1, fixed, n, margin: 0.01 }).upper).toBeGreaterThan(one.upper);
        expect(nonInferiorBinary({ broken: fixed, fixed: broken, n, margin: 0.01 }).estimate).toBeCloseTo(-one.estimate, 14);
      }),
    );
  });

  it('counts what changed, item by item', () => {
    expect(countChanges([true, true, false, false, true], [true, false, true, false, false])).toEqual({ broken: 2, fixed: 1, n: 5 });
    expect(countChanges([false, false, false], [true, true, false])).toEqual({ broken: 0, fixed: 2, n: 3 });
    expect(() => countChanges([true], [])).toThrow('paired answers must be to the same items, got 1 and 0');
  });

  it('refuses what are no counts of its items, and no error rate', () => {
    const binary = (broken: number, fixed: number, n: number) => () => nonInferiorBinary({ broken, fixed, n, margin: 0.1 });
    expect(binary(3, 0, 2)).toThrow('broken and fixed must be counts of n items, got 3 and 0 of 2');
    for (const wrong of [binary(2, 2, 3), binary(-1, 0, 2), binary(0, -1, 2), binary(0, 0.5, 2), binary(0, 0, 2.5), binary(0, 0, NaN)])
      expect(wrong).toThrow('must be counts');
    expect(binary(1, 1, 2)).not.toThrow();
    expect(() => nonInferiorBinary({ broken: 0, fixed: 0, n: 2, margin: 0.1, alpha: 1 })).toThrow('alpha must be between 0 and 1');
  });

  it('does not pass where the bound is just the margin', () => {
    const counts = { broken: 3, fixed: 4, n: 2400 };
    const { upper } = nonInferiorBinary({ ...counts, margin: 1 });
    expect(nonInferiorBinary({ ...counts, margin: upper }).pass).toBe(false);
    expect(nonInferiorBinary({ ...counts, margin: upper * 1.0001 }).pass).toBe(true);
  });

  it('says how many items it takes', () => {
    expect(Math.abs(requiredItems(0.01, 0.01) - 618)).toBeLessThanOrEqual(1);
    expect(Math.abs(requiredItems(0.02, 0.01) - 1236)).toBeLessThanOrEqual(1);
    expect(requiredItems(0.02, 0.01, { power: 0.95 })).toBeGreaterThan(requiredItems(0.02, 0.01));
    expect(passRate(requiredItems(0.01, 0.01), 0.005, 0.005, 0.01)).toBeGreaterThan(0.75);
    expect([requiredItems(0, 0.01), requiredItems(1, 1)]).toEqual([0, 7]);
    // (0 + 1.2816)^2 and (1.2816 + 0)^2.
    expect([requiredItems(1, 0.1, { alpha: 0.5, power: 0.9 }), requiredItems(1, 0.1, { alpha: 0.1, power: 0.5 })]).toEqual([165, 165]);
    expect(() => requiredItems(1.1, 0.1)).toThrow('churn must be a rate and the margin above 0, got 1.1 and 0.1');
    for (const [churn, margin] of [
      [-0.1, 0.1],
      [0.1, 0],
      [NaN, 0.1],
    ] as const)
      expect(() => requiredItems(churn, margin)).toThrow('must be a rate');
  });
});

describe('non-inferiority of a mean', () => {
  it('is the one-sided bound of the paired t-test', () => {
    const { estimate, upper, pass } = nonInferiorMean({ differences: [1, 2, 3, 4, 5], margin: 5 });
    expect(estimate).toBe(3);
    expect(upper).toBeCloseTo(3 + (2.1318467863266 * Math.sqrt(2.5)) / Math.sqrt(5), 9);
    expect(pass).toBe(true);
    expect(nonInferiorMean({ differences: [1, 2, 3, 4, 5], margin: 4.5 }).pass).toBe(false);
    expect(nonInferiorMean({ differences: [0], margin: 1 })).toEqual({ estimate: 0, upper: Infinity, pass: false });
    // Two are enough: t(0.95, 1) is 6.3138, and their standard error 1.
    expect(nonInferiorMean({ differences: [1, 3], margin: 9 })).toEqual({ estimate: 2, upper: expect.closeTo(8.3138, 4), pass: true });
    expect(nonInferiorMean({ differences: [2, 2], margin: 2 })).toEqual({ estimate: 2, upper: 2, pass: false });
  });

  it('refuses differences that are none, and no error rate', () => {
    expect(() => nonInferiorMean({ differences: [1, Infinity], margin: 1 })).toThrow('differences must be finite numbers, got Infinity');
    expect(() => nonInferiorMean({ differences: [1, 2], margin: 1, alpha: 0 })).toThrow('alpha must be between 0 and 1, got 0');
  });

  it('passes a change exactly at the margin in 5 %', () => {
    const noise = createNoise(3);
    const passes = range(4000).filter(
      () => nonInferiorMean({ differences: range(12).map(() => 1 + noise.normal()), margin: 1 }).pass,
    ).length;
    expect(Math.abs(passes / 4000 - 0.05)).toBeLessThan(0.012);
  });
});

describe('non-inferiority of a quantile', () => {
  const latencies = (noise: ReturnType<typeof createNoise>, scale: number) => range(300).map(() => scale * Math.exp(0.4 * noise.normal()));

  it('seldom passes a ratio at the margin and mostly passes a clear gain', () => {
    const noise = createNoise(21);
    const rate = (scale: number) =>
      range(120).filter(
        (seed) =>
          nonInferiorQuantile({ candidate: latencies(noise, scale), anchor: latencies(noise, 1), margin: 1.25, seed, resamples: 200 }).pass,
      ).length / 120;
    expect(rate(1.25)).toBeLessThan(0.12);
    expect(rate(0.9)).toBeGreaterThan(0.9);
  });

  it('is the ratio with its upper bound, which must be below the margin', () => {
    const equal = { candidate: [2, 2, 2], anchor: [1, 1, 1], seed: 1, resamples: 20 };
    expect(nonInferiorQuantile({ ...equal, margin: 2.01 })).toEqual({ estimate: 2, upper: 2, pass: true });
    expect(nonInferiorQuantile({ ...equal, margin: 2 }).pass).toBe(false);
  });

  it('takes no error rate of a half or more, as the bound would be none', () => {
    const given = { candidate: [1, 2], anchor: [1, 2], margin: 2, seed: 1, resamples: 20 };
    for (const alpha of [0, -0.1, 0.5, 0.6, NaN])
      expect(() => nonInferiorQuantile({ ...given, alpha })).toThrow(`alpha must be between 0 and 0.5, got ${alpha}`);
    expect(nonInferiorQuantile({ ...given, alpha: 0.49 }).upper).toBeLessThanOrEqual(nonInferiorQuantile({ ...given, alpha: 0.01 }).upper);
  });
});
