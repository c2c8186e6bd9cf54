import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/model/summarize.ts';
import { decimalsForEstimates, formatEstimate, formatProbability, gainOf } from '../../src/views/estimate.ts';
import { formatNoise, noiseOf } from '../../src/views/noise.ts';
import { sparkline, thin } from '../../src/views/sparkline.ts';
import { noisyRun } from './noisy.ts';

const estimate = (effect: number, low: number, high: number) => ({ effect, low, high, pGain: null, n: 1, method: 'm' });

describe('estimates in words', () => {
  it('are never without their interval', () => {
    expect(formatEstimate(estimate(-0.0021, -0.0031, -0.0011), 4)).toBe('-0.0021 ± 0.0010');
    expect(formatEstimate(estimate(-0.0021, -0.0051, -0.0002), 4)).toBe('-0.0021 (-0.0051..-0.0002)');
    expect(formatEstimate(estimate(-1e-7, -0.002, 0.002), 4)).toBe('0.0000 ± 0.0020');
    expect(formatEstimate(estimate(0.5, Number.NaN, 1), 1)).toBe('+0.5');
    expect(formatEstimate(estimate(-0.9, -0.9 - 4.4e-16, -0.9 + 4.4e-16), 3)).toBe('-0.900 ± 0.000');
  });

  it('have digits enough for their interval', () => {
    expect(decimalsForEstimates([{ estimate: estimate(0, -0.0004, 0.0004) }], 2)).toBe(4);
    expect(decimalsForEstimates([{}, { estimate: estimate(0, -4, 4) }], 2)).toBe(2);
  });

  it('turn into gains, with the interval the right way round', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 3, maxLength: 3 }), (values) => {
        const [low = 0, value = 0, high = 0] = values.toSorted((a, b) => a - b);
        for (const direction of ['minimize', 'maximize'] as const) {
          const gain = gainOf({ value, low, high }, direction);
          expect(gain.low <= gain.value && gain.value <= gain.high).toBe(true);
        }
      }),
    );
  });

  it('never round a probability to certainty', () => {
    expect([0.934, 0.9999, 1, 0.001, 0, 0.01, null, undefined].map(formatProbability)).toEqual([
      '0.93',
      '>0.99',
      '>0.99',
      '<0.01',
      '<0.01',
      '0.01',
      '–',
      '–',
    ]);
  });
});

describe('noise', () => {
  it('is pooled over what was measured more than once', () => {
    const rows = noisyRun(12).experiments.map(summarize);
    const df = rows.reduce((sum, { n = 0 }) => sum + Math.max(0, n - 1), 0);
    expect(noiseOf(rows, undefined)).toMatchObject({ df, source: 'repeats' });
    expect(noiseOf(rows, undefined)?.sigma).toBeCloseTo(0.0012, 12);
    expect(noiseOf([], undefined)).toBeNull();
    expect(formatNoise({ sigma: 0.0012, df: 7, source: 'repeats' })).toBe('0.0012 (df 7)');
    expect(formatNoise({ sigma: 0.0012, df: 5.948236506164546, source: 'repeats' })).toBe('0.0012 (df 5.9)');
    expect(formatNoise({ sigma: 0.0012, df: 0, source: 'config' })).toContain('given in the config');
  });
});

describe('a curve in one line', () => {
  it('goes from its highest to its lowest block', () => {
    expect(sparkline([8, 7, 6, 5, 4, 3, 2, 1])).toBe('█▇▆▅▄▃▂▁');
    expect([sparkline([]), sparkline([2, 2])]).toEqual(['', '▄▄']);
  });

  it('keeps the ends of a long one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 2, maxLength: 300 }), fc.integer({ min: 2, max: 40 }), (list, most) => {
        const kept = thin(list, most);
        expect([kept.length <= most, kept[0], kept.at(-1)]).toEqual([true, list[0], list.at(-1)]);
      }),
    );
  });
});
