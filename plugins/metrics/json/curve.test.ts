import { describe, expect, it } from 'vitest';
import { makeContext, makeExperiment, makeTrial, testPlugin } from '../../../src/testing.ts';
import json from './index.ts';

const OUTPUT = '{"loss":3.25,"log":{"curve":[[0.25,5],[0.5,4],[0.5,9],["0.6",1],[0.7],null,[0.8,null],[1,3.25]]}}\n';

testPlugin(json, {
  options: {
    valid: [{ pointer: '/loss', curve: '/log/curve' }],
    invalid: [
      { pointer: '/loss', curve: 'log/curve' },
      { pointer: '/loss', curve: 3 },
    ],
  },
  cases: { present: { output: OUTPUT, value: 3.25 }, missing: { output: '{"log":{"curve":[[1,3.25]]}}\n' } },
});

const measure = (output: string, curve?: string) =>
  json
    .create({ pointer: '/loss', ...(curve !== undefined && { curve }) }, makeContext())
    .measure({ trial: makeTrial(), experiment: makeExperiment({ state: 'committed' }), cwd: '.', output: () => Promise.resolve(output) });

describe('the curve of json', () => {
  it('has every good pair on its way, and no other', async () => {
    expect(await measure(OUTPUT, '/log/curve')).toEqual({
      value: 3.25,
      curve: [
        [0.25, 5],
        [0.5, 4],
        [1, 3.25],
      ],
    });
  });

  it('may be empty, and is not there without the option', async () => {
    for (const place of ['/nowhere', '/loss', '/log']) expect(await measure(OUTPUT, place)).toEqual({ value: 3.25, curve: [] });
    expect(await measure(OUTPUT)).toBe(3.25);
  });
});
