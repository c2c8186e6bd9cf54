import { expect, it } from 'vitest';
import { testPlugin } from '../../../src/testing.ts';
import { askFake, FAKE_REPORT } from '../../../test/helpers/fake-cli.ts';
import codex from './index.ts';

testPlugin(codex, {
  options: { valid: [{ program: '/no/such/codex', login: true }], invalid: [{ model: '' }, { unknown: 1 }] },
});

const said = (text: string) => ({ type: 'item.completed', item: { type: 'agent_message', text } });

it('takes the last message as the report, and the agent’s own figures when it is logged in', async () => {
  const done = { type: 'turn.completed', usage: { input_tokens: 30, cached_input_tokens: 20, output_tokens: 5 } };
  const { result } = await askFake(codex, { prints: [said('I look.'), said(JSON.stringify(FAKE_REPORT)), done] });
  expect(result).toMatchObject({
    status: 'proposed',
    report: { title: 'LR up', source: 'schema' },
    usage: { inputTokens: 30, cachedTokens: 20, outputTokens: 5, source: 'agent' },
  });
});

it.each([
  ['unexpected status 401 Unauthorized: invalid key', 'auth'],
  ['Codex ran out of room in the model’s context window.', 'context-overflow'],
  ['stream disconnected before completion: Transport error', 'network'],
  ['exceeded retry limit, last status: 429 Too Many Requests', 'rate-limit'],
  ['something new', 'crash'],
])('fails when the turn failed: %s', async (message, kind) => {
  const { result } = await askFake(codex, { prints: [{ type: 'turn.failed', error: { message } }], exitCode: 1 });
  expect(result).toMatchObject({ status: 'failed', kind });
});

it('makes everything read-only that must stay as it is', async () => {
  const files = { 'lib/a.py': '', 'lib/b.py': '', 'data/x/y.txt': '', 'data/z.txt': '', 'say "hi".py': '', 'AGENTS.md': '' };
  const { args } = await askFake(codex, { files, brief: { scope: { edit: ['train.py', 'lib/*.py'], protect: ['lib/b.py'] } } });
  const profile = args.find((arg) => arg.startsWith('permissions.autoresearch='));
  const frozen = [...(profile ?? '').matchAll(/("(?:[^"\\]|\\.)*")="read"/g)].map(([, path]) => JSON.parse(path ?? '') as string);
  expect(frozen).toEqual(['AGENTS.md', 'data', 'lib/b.py', 'say "hi".py']);
  expect((await askFake(codex, { options: { unrestricted: true } })).args.join(' ')).not.toContain('permissions.');
});
