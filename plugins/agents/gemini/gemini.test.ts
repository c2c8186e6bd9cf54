import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testPlugin } from '../../../src/testing.ts';
import { askFake, FENCED } from '../../../test/helpers/fake-cli.ts';
import gemini from './index.ts';

testPlugin(gemini, {
  options: { valid: [{ program: '/no/such/gemini', login: true }], invalid: [{ format: 'gemini' }] },
});

const result = (more: object) => ({
  type: 'result',
  status: 'success',
  stats: { input_tokens: 30, cached: 20, output_tokens: 5 },
  ...more,
});

it('puts the pieces of its words together', async () => {
  const pieces = [FENCED.slice(0, 20), FENCED.slice(20)].map((content) => ({ type: 'message', role: 'assistant', content, delta: true }));
  expect(
    (await askFake(gemini, { prints: [{ type: 'message', role: 'user', content: '{}' }, ...pieces, result({})] })).result,
  ).toMatchObject({
    status: 'proposed',
    report: { title: 'LR up', source: 'fenced' },
    usage: { inputTokens: 30, cachedTokens: 20, outputTokens: 5, source: 'agent' },
  });
});

it.each([
  [[result({ status: 'error', error: { message: '[API Error: {"error":{"code":401,"message":"no"}}]' } })], 145, 'auth'],
  [[{ type: 'error', severity: 'warning', message: 'Loop detected, stopping execution' }, result({})], 0, 'turn-limit'],
])('knows its ways to fail: %j', async (prints, exitCode, kind) => {
  expect((await askFake(gemini, { prints, exitCode })).result).toMatchObject({ status: 'failed', kind });
});

it('has a policy that allows edits of the scope and nothing else', async () => {
  const scope = { edit: ['src/*.py', 'a+b.py'], protect: ['src/eval.py'] };
  const { scratchDir, args } = await askFake(gemini, { brief: { scope } });
  const policy = await readFile(join(scratchDir, 'home/policy.toml'), 'utf8');
  expect(args).toContain(join(scratchDir, 'home/policy.toml'));
  const rules = [...policy.matchAll(/decision = "(\w+)"\npriority = (\d+)\nargsPattern = '(.*)'/g)];
  const decide = (path: string) =>
    rules
      .filter(([, , , pattern]) => new RegExp(pattern ?? '').test(`{"file_path":"${path}"}`))
      .sort(([, , a], [, , b]) => Number(b) - Number(a))
      .at(0)?.[1] ?? 'deny';
  expect(['src/a.py', 'a+b.py', 'src/eval.py', 'src/x/a.py', 'aab.py', 'train.py'].map(decide)).toEqual([
    'allow',
    'allow',
    'deny',
    'deny',
    'deny',
    'deny',
  ]);
  // Groups make it lose the whole rule.
  expect(rules.every(([, , , pattern]) => !/[()]/.test(pattern ?? ''))).toBe(true);
});
