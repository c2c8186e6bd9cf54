import { expect, it } from 'vitest';
import { testPlugin } from '../../../src/testing.ts';
import { askFake, FENCED } from '../../../test/helpers/fake-cli.ts';
import opencode from './index.ts';

testPlugin(opencode, {
  options: { valid: [{ model: 'm', program: '/no/such/opencode', login: true }], invalid: [{}, { model: 'm', format: 'x' }] },
});

it('takes its last words and adds up its own figures', async () => {
  const step = { type: 'step_finish', part: { tokens: { input: 10, output: 2, reasoning: 1, cache: { read: 5, write: 0 } } } };
  const words = [{ type: 'text', part: { text: 'I look.' } }, step, { type: 'text', part: { text: FENCED } }, step];
  expect((await askFake(opencode, { prints: words })).result).toMatchObject({
    status: 'proposed',
    report: { title: 'LR up', source: 'fenced' },
    usage: { requests: 2, inputTokens: 30, cachedTokens: 10, outputTokens: 6, source: 'agent' },
  });
});

it.each([
  [{ name: 'APIError', data: { message: 'invalid key', statusCode: 401 } }, 'auth'],
  [{ name: 'ContextOverflowError', data: { message: 'too much' } }, 'context-overflow'],
])('fails with its error: %j', async (error, kind) => {
  expect((await askFake(opencode, { prints: [{ type: 'error', error }], exitCode: 1 })).result).toMatchObject({ status: 'failed', kind });
});

it('has permissions for edits of the scope only, and never shortens and retries by itself', async () => {
  const { env } = await askFake(opencode, { brief: { scope: { edit: ['a.py'], protect: ['b.py'] } } });
  const config = JSON.parse(/^OPENCODE_CONFIG_CONTENT=(.*)$/m.exec(env)?.[1] ?? '') as Record<string, unknown>;
  expect(config).toMatchObject({
    compaction: { auto: false },
    permission: { '*': 'deny', bash: 'deny', edit: { '*': 'deny', 'a.py': 'allow', '**/a.py': 'allow', 'b.py': 'deny' } },
  });
  expect(config).not.toHaveProperty('provider');
});
