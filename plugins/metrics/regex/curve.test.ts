import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeContext, makeExperiment, makeTrial, testPlugin } from '../../../src/testing.ts';
import { toCurve } from './curve.ts';
import regex from './index.ts';

const CURVE = '^curve:\\s+(\\S+)\\s+(\\S+)';
const OUTPUT =
  'curve: 0.1 5.5\ncurve: 0.5 4\nnoise curve: 0.6 1\ncurve: 0.4 3\ncurve: 0.7 nan\ncurve: half 2\ncurve: 1.5 1\ncurve: 1 3.25\nloss: 3.25\n';

testPlugin(regex, {
  options: { valid: [{ pattern: '^loss: (\\S+)', curve: CURVE }], invalid: [{ curve: CURVE }, { pattern: '(.)', curve: 3 }] },
  cases: { present: { output: OUTPUT, value: 3.25 }, missing: { output: 'curve: 0.1 5.5\n' } },
});

const measure = (output: string, curve?: string) =>
  regex
    .create({ pattern: '^loss: (\\S+)', match: 'only', ...(curve !== undefined && { curve }) }, makeContext({ path: 'metrics.loss' }))
    .measure({ trial: makeTrial(), experiment: makeExperiment({ state: 'committed' }), cwd: '.', output: () => Promise.resolve(output) });

describe('the curve of regex', () => {
  it('has every good pair on its way, and no other', async () => {
    expect(await measure(OUTPUT, CURVE)).toEqual({
      value: 3.25,
      curve: [
        [0.1, 5.5],
        [0.5, 4],
        [1, 3.25],
      ],
    });
  });

  it('may be empty, and is not there without the option', async () => {
    expect(await measure('loss: 1\n', CURVE)).toEqual({ value: 1, curve: [] });
    expect(await measure(OUTPUT)).toBe(3.25);
  });

  it('needs two groups', () => {
    for (const pattern of ['^curve: (\\S+)', '^curve: (?:\\S+) (\\S+)', 'a|b'])
      expect(() => measure('', pattern)).toThrow('metrics.loss: ' + pattern + ' needs two groups');
    expect(() => measure('loss: 1', '(?<share>a)|(b)')).not.toThrow();
  });

  it('property: finite, within 0 and 1, rising; a good curve stays as it is', () => {
    const pair = fc.tuple(fc.oneof(fc.double(), fc.double({ min: 0, max: 1 })), fc.double());
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        const curve = toCurve(pairs);
        expect(curve.flat().every(Number.isFinite)).toBe(true);
        expect(curve.every(([share], index) => share >= 0 && share <= 1 && share > (curve[index - 1]?.[0] ?? -1))).toBe(true);
        expect(curve.every((point) => pairs.some(([share, value]) => share === point[0] && value === point[1]))).toBe(true);
        expect(toCurve(curve)).toEqual(curve);
      }),
    );
  });
});
