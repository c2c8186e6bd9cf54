import { expect, it } from 'vitest';
import type { Config, EvaluateUse } from '../src/config/types.ts';
import { trustOf } from '../src/trust.ts';

const trainer = { use: 'command', timeout: '1m', trials: 1, network: false, interleave: false };
const metrics = { a: { use: 'regex' }, b: { use: 'json' }, c: { use: 'peak-memory' } };
const evaluate: EvaluateUse = { run: ['x'], inputs: [], outputs: [], data: [], holdout: {}, timeout: '1m', maxOutputMb: 1 };
const workspace: Config['workspace'] = { link: [], outputs: [], holdout: [], env: [], readable: [], writable: [] };
const rest = { metrics, workspace, data: [] };
const objective = (options: Readonly<Record<string, unknown>>) => ({ use: 'any', with: options });

it.each([
  [{ metric: 'a' }, 'printed'],
  [{ metric: 'b' }, 'files'],
  [{ metrics: ['b', 'c'] }, 'files'],
  [{ metrics: { b: 1, a: 2 } }, 'printed'],
  [{ order: [{ metric: 'b' }, { metric: 'a' }] }, 'printed'],
  [{}, 'printed'],
] as const)('an objective of %j without an evaluator is %s', (options, level) => {
  for (const layer of ['bwrap', 'none'] as const) {
    const trust = trustOf({ ...rest, trainer, objective: objective(options) }, layer);
    expect([trust.level, trust.advice]).toEqual([level, expect.stringContaining('trainer.evaluate')]);
  }
});

it.each([
  [[], 'bwrap', 'apart', /data/],
  [['answers'], 'bwrap', 'sealed', null],
  [['answers'], 'none', 'apart', /bwrap/],
] as const)('with an evaluator, data %j and %s it is %s', (data, layer, level, advice) => {
  const trust = trustOf(
    { ...rest, trainer: { ...trainer, evaluate: { ...evaluate, data } }, objective: objective({ metric: 'a' }) },
    layer,
  );
  expect(trust.level).toBe(level);
  if (advice === null) expect(trust.advice).toBeNull();
  else expect(trust.advice).toMatch(advice);
});

it('takes rows of the loop for sealed answers, and open ones not', () => {
  const row = { path: 'a.csv', schema: 'a.json', id: 'id' };
  const use = { ...rest, trainer: { ...trainer, evaluate }, objective: objective({ metric: 'a' }) };
  expect(trustOf({ ...use, data: [row] }, 'bwrap').level).toBe('sealed');
  expect(trustOf({ ...use, data: [{ ...row, split: 'open' }] }, 'bwrap').level).toBe('apart');
});
