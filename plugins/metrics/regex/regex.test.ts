import { describe, expect, it } from 'vitest';
import { makeContext, makeExperiment, makeTrial, testPlugin } from '../../../src/testing.ts';
import regex from './index.ts';

const pattern = '^val_bpb:\\s+(\\S+)';

testPlugin(regex, {
  options: { valid: [{ pattern }, { pattern, match: 'last' }], invalid: [{}, { pattern: 7 }, { pattern, match: 'best' }] },
  cases: { present: { output: 'step 1\nval_bpb:  0.9979\ndone\n', value: 0.9979 }, missing: { output: 'val_bpb\nxval_bpb: 1\n' } },
});

function read(output: string, options: { pattern: string; match?: 'only' | 'first' | 'last' }) {
  const trial = makeTrial();
  const metric = regex.create({ match: 'only', ...options }, makeContext({ label: 'loss' }));
  return metric.measure({ trial, experiment: makeExperiment({ state: 'committed' }), cwd: '/', output: async () => output });
}

describe('the metric regex', () => {
  it.each([
    ['1e-3', 0.001],
    ['-2.5', -2.5],
    ['+3', 3],
    ['.5', 0.5],
    ['0', 0],
  ])('reads %s', async (text, value) => {
    expect(await read(`val_bpb: ${text}\n`, { pattern })).toBe(value);
  });

  it.each(['nan', 'NaN', 'inf', 'Infinity', '1e999', '1,5', '0.5s', 'None', '--'])('refuses %s', async (text) => {
    await expect(read(`val_bpb: ${text}\n`, { pattern })).rejects.toMatchObject({
      code: 'METRIC_NOT_FINITE',
      message: `loss: "${text}" is not a finite number`,
    });
  });

  it('chooses no match by chance', async () => {
    const output = 'val_bpb: 1\nval_bpb: 2\nval_bpb: 3\n';
    await expect(read(output, { pattern })).rejects.toMatchObject({
      code: 'METRIC_DUPLICATE',
      message: expect.stringMatching(/3 matches of .*, the first two: 1, 2; `match: first` or `match: last` says which counts$/),
    });
    expect([await read(output, { pattern, match: 'first' }), await read(output, { pattern, match: 'last' })]).toEqual([1, 3]);
  });

  it.each([
    ['step 1\nlss: 1\n\n', 'loss: the output has no match of ^loss: (\\S+); it ends with: lss: 1'],
    [' \n', 'loss: the output has no match of ^loss: (\\S+); it is empty'],
  ])('says what was printed instead: %j', async (output, message) => {
    await expect(read(output, { pattern: '^loss: (\\S+)' })).rejects.toMatchObject({
      code: 'METRIC_MISSING',
      message: expect.stringContaining(message.slice(5)),
    });
  });

  it('refuses a pattern that takes nothing, or an empty text', async () => {
    await expect(read('val_bpb: 1\n', { pattern: '^val_bpb' })).rejects.toMatchObject({ code: 'METRIC_MISSING' });
    await expect(read('val_bpb:\n', { pattern: '^val_bpb:(.*)$' })).rejects.toMatchObject({ code: 'METRIC_NOT_FINITE' });
  });
});
