import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { testPlugin } from '../../../src/testing.ts';
import { askFake, FENCED } from '../../../test/helpers/fake-cli.ts';
import pi from './index.ts';

testPlugin(pi, {
  options: {
    valid: [
      { model: 'm', program: '/no/such/pi', login: true },
      { model: 'm', format: 'chat' },
    ],
    invalid: [{}, { model: 'm', format: 'smoke' }],
  },
});

const message = (more: object) => ({
  type: 'message_end',
  message: { role: 'assistant', content: [], usage: { input: 10, cacheRead: 5, cacheWrite: 1, output: 2 }, stopReason: 'stop', ...more },
});

it('takes its last message and adds up its own figures', async () => {
  const prints = [message({ stopReason: 'toolUse' }), message({ content: [{ type: 'text', text: FENCED }] })];
  expect((await askFake(pi, { prints })).result).toMatchObject({
    status: 'proposed',
    report: { title: 'LR up', source: 'fenced' },
    usage: { requests: 2, inputTokens: 32, cachedTokens: 10, outputTokens: 4, source: 'agent' },
  });
});

it.each([
  [[message({ stopReason: 'error', errorMessage: '401 {"error":{"message":"invalid key"}}' })], 'auth'],
  [[message({ stopReason: 'error', errorMessage: 'terminated: other side closed (UND_ERR_SOCKET)' })], 'network'],
  [[], 'crash'],
])('does not believe its exit code of 0: %j', async (prints, kind) => {
  expect((await askFake(pi, { prints })).result).toMatchObject({ status: 'failed', kind });
});

it('has a guard that blocks edits outside the scope', async () => {
  const { scratchDir, args } = await askFake(pi, { brief: { scope: { edit: ['src/**'], protect: ['src/eval.py'] } } });
  const file = join(scratchDir, 'home/guard.mjs');
  expect(args).toContain(file);
  const { default: install } = (await import(pathToFileURL(file).href)) as { default: (api: object) => void };
  let ask: (event: object) => Promise<unknown> = async () => undefined;
  install({ on: (_name: string, handler: typeof ask) => (ask = handler) });
  const isBlocked = async (toolName: string, path: string) => (await ask({ toolName, input: { path } })) !== undefined;
  expect(await isBlocked('edit', 'src/a/b.py')).toBe(false);
  expect(await isBlocked('read', 'eval.py')).toBe(false);
  for (const path of ['src/eval.py', 'src/../eval.py', '/etc/passwd', '../x']) expect(await isBlocked('write', path)).toBe(true);
});
