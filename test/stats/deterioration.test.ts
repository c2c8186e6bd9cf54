import { describe, expect, it } from 'vitest';
import { deteriorationPValue, failsMostly, falseAlarmRate, rateBound } from '../../src/stats.ts';

describe('deterioration', () => {
  it('has the exact binomial p-value', () => {
    expect(deteriorationPValue(5, 0)).toBeCloseTo(1 / 32, 14);
    expect(deteriorationPValue(8, 2)).toBeCloseTo(56 / 1024, 14);
    expect(deteriorationPValue(2, 8)).toBeCloseTo(1013 / 1024, 14);
    expect(deteriorationPValue(0, 0)).toBe(1);
    expect(deteriorationPValue(0, 9)).toBe(1);
  });

  it('stays exact for thousands of items', () => {
    // The normal approximation with a continuity correction, good to a few per cent here.
    expect(deteriorationPValue(5150, 4850)).toBeCloseTo(0.0014, 4);
    expect(deteriorationPValue(5000, 5000)).toBeCloseTo(0.50399, 4);
    expect(() => deteriorationPValue(1.5, 2)).toThrow('broken and fixed must be counts, got 1.5 and 2');
    for (const [broken, fixed] of [
      [2, 1.5],
      [-1, 2],
      [2, -1],
      [Infinity, 2],
      [NaN, 2],
    ] as const)
      expect(() => deteriorationPValue(broken, fixed)).toThrow('must be counts');
  });

  it('is a probability, however small what is missing from 1', () => {
    for (let fixed = 1; fixed < 400; fixed++) {
      expect(deteriorationPValue(1, fixed)).toBeLessThanOrEqual(1);
      expect(deteriorationPValue(1, fixed)).toBeCloseTo(1 - 0.5 ** (fixed + 1), 10);
      expect(deteriorationPValue(0, fixed)).toBe(1);
    }
  });

  it('tells a flake from a failure by most attempts', () => {
    expect(failsMostly([false, true, true])).toBe(false);
    expect(failsMostly([false, false, true])).toBe(true);
    expect(failsMostly([false])).toBe(true);
    expect(failsMostly([false, true])).toBe(true);
    expect(failsMostly([])).toBe(false);
  });

  it('knows how often flakes raise an alarm, and what no failure proves', () => {
    expect(falseAlarmRate(0.01, 100)).toBeCloseTo(1 - 0.99 ** 100, 12);
    expect(falseAlarmRate(1, 3)).toBe(1);
    expect(falseAlarmRate(1, 0)).toBe(0);
    expect(rateBound(300)).toBeCloseTo(3 / 300, 3);
    expect((1 - rateBound(50)) ** 50).toBeCloseTo(0.05, 12);
    expect((1 - rateBound(50, 0.01)) ** 50).toBeCloseTo(0.01, 12);
    expect([rateBound(0), rateBound(-1)]).toEqual([1, 1]);
    expect([falseAlarmRate(0, 3), falseAlarmRate(0.5, 1)]).toEqual([0, expect.closeTo(0.5, 12)]);
  });

  it('refuses rates and counts that are none', () => {
    for (const [rate, n] of [
      [-0.1, 1],
      [1.1, 1],
      [0.5, -1],
      [NaN, 1],
    ] as const)
      expect(() => falseAlarmRate(rate, n)).toThrow(`a flake rate must be from 0 to 1 and n 0 or more, got ${rate} and ${n}`);
    expect(() => rateBound(3, 0)).toThrow('alpha must be between 0 and 1, got 0');
  });
});
