import { describe, expect, it } from 'vitest';
import { makeContext, makeExperiment, makeTrial, testPlugin } from '../../../src/testing.ts';
import json from './index.ts';

testPlugin(json, {
  options: {
    valid: [{ file: 'out/metrics.json', pointer: '/eval/accuracy' }, { pointer: '/loss' }],
    invalid: [{}, { pointer: 'loss' }, { file: 'x.json' }],
  },
  cases: {
    present: { files: { 'out/metrics.json': '{ "eval": { "accuracy": 0.75 } }' }, value: 0.75 },
    missing: { files: { 'out/metrics.json': '{ "eval": {} }' } },
  },
});

describe('the metric json over the output', () => {
  testPlugin(json, {
    options: { valid: [{ pointer: '/loss' }], invalid: [] },
    cases: { present: { output: 'begun\n{"loss": 3}\n{"loss": 0.25}\nended {x}\n', value: 0.25 }, missing: { output: 'no object here\n' } },
  });
});

function read(output: string, pointer: string) {
  const metric = json.create({ pointer }, makeContext({ label: 'loss' }));
  return metric.measure({
    trial: makeTrial(),
    experiment: makeExperiment({ state: 'committed' }),
    cwd: '/no/such/folder',
    output: async () => output,
  });
}

describe('the metric json', () => {
  it.each([
    ['/a~1b', 1],
    ['/c~0d', 2],
    ['/list/1', 4],
    ['/', 5],
    ['/~01', 6],
  ])('follows %s', async (pointer, value) => {
    expect(await read('{"a/b": 1, "c~d": 2, "list": [3, 4], "": 5, "~1": 6}\n', pointer)).toBe(value);
  });

  it.each([['"0.5"'], ['null'], ['true'], ['[1]'], ['{"a": 1}']])('refuses %s for a number', async (text) => {
    await expect(read(`{"loss": ${text}}\n`, '/loss')).rejects.toMatchObject({ code: 'METRIC_NOT_FINITE' });
  });

  it.each(['{"loss": NaN}', '{"loss": }', '{broken}', '[0.5]', '{"other": 1}'])('refuses %s', async (line) => {
    await expect(read(`${line}\n`, '/loss')).rejects.toMatchObject({ code: 'METRIC_MISSING' });
  });

  it('takes nothing from what every object inherits', async () => {
    await expect(read('{"a": 1}\n', '/constructor/length')).rejects.toMatchObject({ code: 'METRIC_MISSING' });
    await expect(read('{"a": "text"}\n', '/a/length')).rejects.toMatchObject({ code: 'METRIC_MISSING' });
  });
});
