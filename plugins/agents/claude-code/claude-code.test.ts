import { expect, it } from 'vitest';
import { testPlugin } from '../../../src/testing.ts';
import { askFake, FAKE_REPORT, FENCED } from '../../../test/helpers/fake-cli.ts';
import claude from './index.ts';

testPlugin(claude, {
  options: {
    valid: [
      { program: '/no/such/claude', login: true },
      { model: 'opus', prices: { '*': { input: 3, output: 15, cached: 0.3 } } },
    ],
    invalid: [{ url: 'api.anthropic.com' }, { prices: { x: { input: 1 } } }, { format: 'chat' }, { login: 'yes' }],
  },
});

const result = (more: object) => ({
  type: 'result',
  subtype: 'success',
  is_error: false,
  num_turns: 3,
  result: 'Done.',
  total_cost_usd: 0.25,
  modelUsage: { m: { inputTokens: 10, cacheReadInputTokens: 20, cacheCreationInputTokens: 5, outputTokens: 7 } },
  ...more,
});

it('takes the structured report and the agent’s own figures when it is logged in', async () => {
  const { result: answer, stdin } = await askFake(claude, { prints: ['a warning', result({ structured_output: FAKE_REPORT })] });
  expect(answer).toMatchObject({
    status: 'proposed',
    report: { title: 'LR up', risks: ['x'], source: 'schema', model: 'some-model' },
    usage: { requests: 3, inputTokens: 35, cachedTokens: 20, outputTokens: 7, usd: 0.25, source: 'agent' },
  });
  expect(stdin).toContain('"status": "no-change"');
});

it('takes the last words where there is no structured report', async () => {
  expect((await askFake(claude, { prints: [result({ result: FENCED })] })).result).toMatchObject({
    report: { title: 'LR up', source: 'fenced' },
  });
});

it.each([
  [{ subtype: 'error_max_turns', result: undefined }, 1, 'turn-limit'],
  [{ subtype: 'error_max_budget_usd', result: undefined }, 1, 'budget'],
  [{ is_error: true, terminal_reason: 'prompt_too_long', result: 'Prompt is too long' }, 1, 'context-overflow'],
  [{ is_error: true, result: 'API Error: 429 rate limited' }, 0, 'rate-limit'],
  [{ is_error: true, result: 'Invalid API key · Please run /login' }, 1, 'auth'],
])('is not taken in by a success that is an error: %j', async (more, exitCode, kind) => {
  expect((await askFake(claude, { prints: [result(more)], exitCode })).result).toMatchObject({ status: 'failed', kind });
});

it('allows edits of the scope only, and no commands', async () => {
  const scope = { edit: ['train.py', 'lib/**'], protect: ['lib/x.py'] };
  const { args } = await askFake(claude, { brief: { scope, limits: { requests: 9, usd: 1.5 } } });
  const after = (flag: string) => args.slice(args.indexOf(flag) + 1).slice(0, 5);
  expect(after('--allowedTools').slice(0, 3)).toEqual(['Read(/**)', 'Edit(/train.py)', 'Edit(/lib/**)']);
  expect(after('--disallowedTools').slice(0, 1)).toEqual(['Edit(/lib/x.py)']);
  expect(after('--tools').slice(0, 1)).toEqual(['Read,Edit,Write,Grep,Glob']);
  expect([after('--max-turns')[0], after('--max-budget-usd')[0], after('--model')[0]]).toEqual(['9', '1.5', 'some-model']);
  expect(args).not.toContain('--dangerously-skip-permissions');
  expect((await askFake(claude, { options: { unrestricted: true, args: ['--bare'] } })).args).toEqual(
    expect.arrayContaining(['--dangerously-skip-permissions', '--bare']),
  );
});
