import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Gate, GateResult, Noise } from '../../../src/plugin.ts';
import { makeContext, makeExperiment, makeRunView, testPlugin, type Options } from '../../../src/testing.ts';
import { createFrom } from '../../../src/testing/options.ts';
import simplicity from './index.ts';

const noise: Noise = { sigma: 0.1, df: 4, source: 'repeats' };
const scored = (value: number, added: number, removed: number) =>
  makeExperiment({ state: 'scored', id: 2, score: { value, spread: 0, n: 1 }, diff: { files: 1, added, removed } });
const judge = (options: Options, [value, added, removed]: readonly [number, number, number], known: Noise | null = noise) =>
  (createFrom(simplicity, options, makeContext()) as Gate).judge?.(
    scored(value, added, removed),
    makeRunView({ noise: known }),
  ) as GateResult;

testPlugin(simplicity, {
  options: { valid: [{}, { pricePerLine: 0.01, tolerance: 0 }], invalid: [{ pricePerLine: -1 }, { tolerance: -0.5 }] },
  cases: [
    { name: 'a gain below the price of its lines', options: { pricePerLine: 0.01 }, experiment: scored(0.95, 10, 2), expect: 'fail' },
    { name: 'a gain above the price of its lines', options: { pricePerLine: 0.01 }, experiment: scored(0.9, 10, 2), expect: 'pass' },
    { name: 'an equal score with fewer lines', run: { noise }, experiment: scored(1.04, 2, 10), expect: 'pass' },
    { name: 'fewer lines and a loss', run: { noise }, experiment: scored(1.06, 2, 10), expect: 'pass' },
  ],
});

it('fails a gain that its lines cost more than', () => {
  expect(judge({ pricePerLine: 0.01 }, [0.95, 10, 2])).toMatchObject({
    outcome: 'fail',
    code: 'NOT_WORTH_ITS_LINES',
    reason: '8 lines more ask a gain of 0.08, and score is only 0.05 better',
    evidence: { gain: expect.closeTo(0.05, 12), price: 0.08, added: 10, removed: 2 },
  });
  expect(judge({ pricePerLine: 0.01 }, [1.5, 10, 2]).reason).toBe('8 lines more ask a gain of 0.08, and score is not better');
  expect(judge({ pricePerLine: 0.01 }, [0.9, 10, 2]).code).toBe('NO_OBJECTION');
  expect(judge({ pricePerLine: 0.01 }, [0.999, 2, 10]).code).not.toBe('NOT_WORTH_ITS_LINES');
});

it('waives the improvement for fewer lines where the score is equal within the noise', () => {
  expect(judge({}, [1.04, 2, 10])).toMatchObject({ outcome: 'pass', code: 'SIMPLER', waives: 'improvement' });
  expect(judge({}, [0.96, 2, 3])).toMatchObject({ code: 'SIMPLER', reason: expect.stringContaining('with 1 line less') });
  for (const found of [
    judge({}, [1.06, 2, 10]),
    judge({}, [1, 10, 10]),
    judge({}, [1.04, 2, 10], null),
    judge({ tolerance: 0 }, [1.04, 2, 10]),
  ]) {
    expect(found).toMatchObject({ outcome: 'pass', code: 'NO_OBJECTION' });
    expect(found).not.toHaveProperty('waives');
  }
  expect(judge({}, [1, 2, 10], null)).toMatchObject({ code: 'SIMPLER', reason: 'the same score with 8 lines less' });
});

it('never waives anything for a change that does not remove lines on balance, nor fails one that does', () => {
  const lines = fc.integer({ min: 0, max: 50 });
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 1.5, noNaN: true }),
      lines,
      lines,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (value, added, removed, pricePerLine) => {
        const { outcome, waives } = judge({ pricePerLine }, [value, added, removed]);
        if (removed <= added) expect(waives).toBeUndefined();
        else expect(outcome).toBe('pass');
      },
    ),
  );
});
