import { describe, expect, it } from 'vitest';
import {
  DEFAULT_PRIOR,
  effectCdf,
  effectInterval,
  effectQuantiles,
  normalInterval,
  posterior,
  scalePrior,
  type Prior,
} from '../../src/stats.ts';

describe('the interval of an effect', () => {
  it('is refused at no level', () => {
    for (const level of [0, 1, NaN]) {
      expect(() => normalInterval({ E: 0, V: 1 }, level)).toThrow(`the level must be between 0 and 1, got ${level}`);
      expect(() => effectInterval(0, 1, 0, DEFAULT_PRIOR, level)).toThrow(`the level must be between 0 and 1, got ${level}`);
    }
    expect(normalInterval({ E: 1, V: 4 }, 0.5)).toEqual([expect.closeTo(1 - 2 * 0.6744897502, 9), expect.closeTo(1 + 2 * 0.6744897502, 9)]);
  });

  it('is the difference itself where there is no doubt of it', () => {
    const cdf = effectCdf(2, 0, 0, DEFAULT_PRIOR);
    expect([cdf(2 - 1e-12), cdf(2), cdf(3)]).toEqual([0, 1, 1]);
    expect(effectInterval(2, 0, 0, DEFAULT_PRIOR)).toEqual([2, 2]);
  });

  it('has ends that leave the same on both sides, to the last digits, gains and harms alike', () => {
    for (const d of [-9, -4, 6, 14, 40]) {
      for (const level of [0.5, 0.95]) {
        const [low, high] = effectInterval(d, 0.7, 0.3, DEFAULT_PRIOR, level);
        const cdf = effectCdf(d, 0.7, 0.3, DEFAULT_PRIOR);
        const half = (1 - level) / 2;
        if (low === 0) expect(cdf(0)).toBeGreaterThanOrEqual(half);
        else expect(Math.abs(cdf(low) - half)).toBeLessThan(1e-11);
        if (high === 0) expect(cdf(-1e-300)).toBeLessThan(1 - half);
        else expect(Math.abs(cdf(high) - (1 - half))).toBeLessThan(1e-11);
      }
    }
  });

  it('goes with the unit of the scores', () => {
    const [low, high] = effectInterval(1, 1, 0, DEFAULT_PRIOR);
    for (const unit of [0.001, 30]) {
      const [from, to] = effectInterval(unit, unit ** 2, 0, scalePrior(DEFAULT_PRIOR, unit));
      expect([from / unit, to / unit]).toEqual([expect.closeTo(low, 9), expect.closeTo(high, 9)]);
    }
  });

  it('ends at exactly 0 where the probability of no effect lies there', () => {
    const { r } = posterior(0.2, 1, 0, DEFAULT_PRIOR);
    const level = 1 - 2 * (r[3] + r[0] / 2);
    expect(effectInterval(0.2, 1, 0, DEFAULT_PRIOR, level)[0]).toBe(0);
    const likelyNone: Prior = { w: [0.97, 0.01, 0.01, 0.01], mu: DEFAULT_PRIOR.mu };
    expect(effectInterval(0, 1, 0, likelyNone, 0.9)).toEqual([0, 0]);
  });
});

describe('the quantiles of a mixture', () => {
  const part = { weight: 1, d: -1, variance: 1, prior: DEFAULT_PRIOR, posterior: posterior(-1, 1, 0, DEFAULT_PRIOR) };

  it('are refused for no tail, and for weights without a sum', () => {
    for (const tail of [0, 0.5, -0.1, NaN])
      expect(() => effectQuantiles([part], tail)).toThrow(`the tail must be between 0 and 0.5, got ${tail}`);
    for (const weight of [0, -1, Infinity, NaN])
      expect(() => effectQuantiles([{ ...part, weight }], 0.1)).toThrow(`weights must have a finite sum above 0, got ${weight}`);
    expect(() => effectQuantiles([], 0.1)).toThrow('weights must have a finite sum above 0, got 0');
  });
});
