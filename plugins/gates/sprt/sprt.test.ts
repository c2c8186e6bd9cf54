import { describe, expect, it } from 'vitest';
import type { Gate, GateResult } from '../../../src/plugin.ts';
import { createGenerator, normalQuantile } from '../../../src/stats.ts';
import { makeContext, makeExperiment, makeRunView, testPlugin, type Options } from '../../../src/testing.ts';
import { createFrom } from '../../../src/testing/options.ts';
import sprt from './index.ts';

const noise = { sigma: 1, df: 8, source: 'repeats' } as const;
const incumbent = (value: number, n = 3) => makeExperiment({ id: 1, score: { value, spread: 1, n } });
const scored = (value: number, n: number) => makeExperiment({ state: 'scored', id: 2, score: { value, spread: 1, n } });
const run = makeRunView({ noise, incumbent: incumbent(10) });
const create = (options: Options = {}) => createFrom(sprt, options, makeContext()) as Gate;
const judge = (value: number, n: number, options: Options = {}, view = run) =>
  create(options).judge?.(scored(value, n), view) as GateResult;

testPlugin(sprt, {
  options: {
    valid: [{}, { effect: 1, alpha: 0.2, beta: 0.2, maxRuns: 3 }],
    invalid: [{ effect: 0 }, { alpha: 0.6 }, { beta: 0.5 }, { maxRuns: 0 }],
  },
  cases: [
    { name: 'a gain far above the one asked', run, experiment: scored(5, 1), expect: 'pass' },
    { name: 'a loss', run, experiment: scored(13, 1), expect: 'fail' },
    { name: 'a gain that one trial does not prove', run, experiment: scored(8.9, 1), expect: 'more' },
    { name: 'a gain that six trials do not prove', run, experiment: scored(9, 6), expect: 'fail' },
    {
      name: 'no noise, better',
      run: { noise: { ...noise, sigma: 0 }, incumbent: incumbent(10) },
      experiment: scored(9.999, 1),
      expect: 'pass',
    },
    {
      name: 'no noise, a tie',
      run: { noise: { ...noise, sigma: 0 }, incumbent: incumbent(10) },
      experiment: scored(10, 1),
      expect: 'fail',
    },
    { name: 'unknown noise', run: { noise: null, incumbent: incumbent(10) }, experiment: scored(1, 1), expect: 'fail' },
  ],
});

describe('the test', () => {
  it('is Wald’s, with the error of the incumbent’s own mean', () => {
    // ln of N(d; -1.5, 1/2 + 1/3) over N(d; 0, 1/2 + 1/3), against ln(0.8 / 0.05) and ln(0.2 / 0.95).
    const { code, evidence } = judge(8, 2);
    expect(code).toBe('UNDECIDED');
    expect(evidence?.['llr']).toBeCloseTo(((2 * 1.5 - 1.5 ** 2 / 2) * 6) / 5, 12);
    expect(evidence?.['acceptAt']).toBeCloseTo(Math.log(16), 12);
    expect(evidence?.['rejectAt']).toBeCloseTo(Math.log(0.2 / 0.95), 12);
    expect([judge(7, 2).code, judge(10.3, 2).code, judge(9, 6).code, judge(9, 5).code]).toEqual([
      'PROVEN',
      'REFUTED',
      'NOT_PROVEN',
      'UNDECIDED',
    ]);
    expect(judge(7, 2, {}, makeRunView({ noise: null, incumbent: incumbent(10) })).code).toBe('NOISE_UNKNOWN');
  });

  it('lets no more through without an effect than alpha, and most gains of the size asked', () => {
    const { unit } = createGenerator(7);
    const normal = () => normalQuantile(1 - unit());
    const passes = (effect: number) => {
      let passed = 0;
      for (let round = 0; round < 1000; round++) {
        const view = makeRunView({ noise, incumbent: incumbent(normal() / Math.sqrt(6), 6) });
        const gate = create({ maxRuns: 20 });
        let outcome: string = 'more';
        for (let n = 1, sum = 0; outcome === 'more'; n++) {
          sum += normal() - effect;
          const result = gate.judge?.(scored(sum / n, n), view) as GateResult;
          outcome = result.outcome;
        }
        if (outcome === 'pass') passed++;
      }
      return passed / 1000;
    };
    expect(passes(0)).toBeLessThan(0.05);
    expect(passes(1.5)).toBeGreaterThan(0.75);
  });
});
