import { describe, expect, test } from 'vitest';
import { parseOverride } from '../../src/config/override.ts';
import { load, makeGoodProject, problems } from './project.ts';

describe('parseOverride', () => {
  test.each([
    ['seed=3', 'seed', 3],
    ['budget.time=8h', 'budget.time', '8h'],
    ['program=null', 'program', null],
    ['program=', 'program', null],
    ['gates[0].with.delta=0.5', 'gates[0].with.delta', 0.5],
    ['slots=[a, b]', 'slots', ['a', 'b']],
    ['metrics.loss.with={ pattern: "a=b" }', 'metrics.loss.with', { pattern: 'a=b' }],
    ['program="1e10"', 'program', '1e10'],
  ])('%s', (text, path, value) => {
    expect(parseOverride(text)).toEqual({ path, value, flag: '--set' });
  });

  test.each(['seed', '=3', 'a..b=1', 'seed=[', ''])('refuses "%s"', (text) => {
    expect(() => parseOverride(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});

describe('overrides', () => {
  test('come over the config, also with the short form of one agent', async () => {
    const overrides = ['seed=7', 'trainer.timeout=2s', 'agent.timeout=3m', 'slots=[a, b]', 'budget.time=1h'].map(parseOverride);
    const { config } = await load(makeGoodProject({ seed: 'seed: 1' }), { overrides });
    expect(config).toMatchObject({
      seed: 7,
      trainer: { timeout: '2s' },
      agent: [{ timeout: '3m' }],
      slots: ['a', 'b'],
      budget: { time: '1h' },
    });
    expect(config.budget.experiments).toBeUndefined();
  });

  test('null takes a value away, so that the default comes back', async () => {
    const { config } = await load(makeGoodProject({ seed: 'seed: 5' }), { overrides: [parseOverride('seed=null')] });
    expect(config.seed).toBe(1);
  });

  test('errors name the flag', async () => {
    const overrides = [
      parseOverride('seed=x'),
      parseOverride('trainer[0]=1'),
      { path: 'budget.experiments', value: 0, flag: '--experiments' },
    ];
    expect(await problems(makeGoodProject(), { overrides })).toEqual([
      '--experiments CONFIG_VALUE budget.experiments: must be at least 1, not 0',
      '--set USAGE trainer[0]: the config has no such place',
      '--set CONFIG_TYPE seed: must be a whole number, not "x"',
    ]);
  });
});
