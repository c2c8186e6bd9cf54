import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Brief } from '../../../src/plugin.ts';
import { testPlugin } from '../../../src/testing.ts';
import { FAKE_REPORT, FENCED } from '../../../test/helpers/fake-cli.ts';
import { leftovers } from '../../../test/helpers/processes.ts';
import { speakWith, type FakeAcp, type Spoken } from '../../../test/helpers/fake-acp.ts';
import acp from './index.ts';

testPlugin(acp, {
  options: {
    valid: [{ command: ['/no/such/agent', '--acp'], login: true }],
    invalid: [{}, { command: [] }, { command: 'gemini --acp' }, { command: ['x'], set: { A: 1 } }, { command: ['x'], program: 'y' }],
  },
});

afterEach(() => void vi.unstubAllEnvs());

const say = (text: string) => `say(${JSON.stringify(text)});`;
const methodsOf = (heard: ReadonlyArray<{ readonly method?: string }>) => heard.flatMap(({ method }) => method ?? []);

describe('a turn', () => {
  it('is one prompt in one session, and its last words hold the report', async () => {
    const { result, heard, cwd } = await speakWith({ prompt: say('I look. ') + say(FENCED.slice(0, 20)) + say(FENCED.slice(20)) });
    const { status: _status, ...report } = FAKE_REPORT;
    expect(result).toEqual({ status: 'proposed', report: { ...report, source: 'fenced' }, usage: { source: 'agent' } });
    expect(methodsOf(heard)).toEqual(['initialize', 'session/new', 'session/prompt']);
    expect(heard[0]?.params).toMatchObject({ clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false } });
    expect(heard[1]?.params).toEqual({ cwd, mcpServers: [] });
    expect(heard[2]?.params.prompt[0].text).toMatch(/Make the score better[^]*```json block/);
  });

  it('may need a sign-in and a mode first', async () => {
    const { heard } = await speakWith({ options: { auth: 'key', mode: 'code' } });
    expect(heard.slice(1).map(({ method, params }) => [method, params.methodId ?? params.modeId ?? ''])).toEqual([
      ['authenticate', 'key'],
      ['session/new', ''],
      ['session/set_mode', 'code'],
      ['session/prompt', ''],
    ]);
  });

  it('without a report is described from the change', async () => {
    const { result } = await speakWith({ prompt: say('Done.') });
    expect(result).toMatchObject({ status: 'proposed', report: { source: 'derived', title: '' } });
  });

  it('tells what it has used, where the agent has a login of its own', async () => {
    const cost = (amount: number) =>
      `send({ sessionUpdate: 'usage_update', used: 1, size: 2, cost: { amount: ${amount}, currency: 'USD' } });`;
    const used = `return { stopReason: 'end_turn', usage: { inputTokens: 20, cachedReadTokens: 5, cachedWriteTokens: 1, outputTokens: 3 } };`;
    const { result } = await speakWith({ prompt: cost(0.01) + cost(0.03) + say(FENCED) + used });
    expect(result).toMatchObject({
      status: 'proposed',
      usage: { inputTokens: 26, cachedTokens: 5, outputTokens: 3, usd: 0.03, source: 'agent' },
    });
    // One that knows no price says 0.
    const { result: unknown } = await speakWith({ prompt: cost(0) + say(FENCED) });
    expect(unknown.usage?.usd).toBeUndefined();
  });

  it('goes on past news it does not know', async () => {
    const { result } = await speakWith({
      prompt: `send({ sessionUpdate: 'weather_update', sun: true }); put({ id: 'x', method: 'fs/write_text_file', params: { sessionId: 's1', path: '/tmp/x', content: '' } }); ${say(FENCED)}`,
    });
    expect(result).toMatchObject({ status: 'proposed', report: { title: 'LR up' } });
  });
});

describe('a question of the agent', () => {
  const choices = [
    { optionId: 'always', name: 'Always', kind: 'allow_always' },
    { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
    { optionId: 'no', name: 'No', kind: 'reject_once' },
  ];
  const ask = (call: object, options: readonly object[] = choices) =>
    `await ask('session/request_permission', { sessionId: 's1', toolCall: ${JSON.stringify({ toolCallId: 't1', ...call })}, options: ${JSON.stringify(options)} });`;
  const answersOf = async (prompt: string, options = {}) => {
    const { heard } = await speakWith({ prompt, options });
    return heard.flatMap(({ result }) => (result?.outcome ? [result.outcome.optionId ?? result.outcome.outcome] : []));
  };
  const edit = (...paths: string[]) => ({ kind: 'edit', locations: paths.map((path) => ({ path })) });

  it.each([
    ['an edit in scope', edit('train.py'), 'yes'],
    ['an edit in scope, said from the root', edit('$CWD/lib/a.py'), 'yes'],
    ['an edit of a protected file', edit('lib/fixed.py'), 'no'],
    ['an edit of which a part is outside', edit('train.py', 'evaluate.py'), 'no'],
    ['an edit that climbs out', edit('lib/../../train.py'), 'no'],
    ['an edit elsewhere on the machine', edit('/etc/passwd'), 'no'],
    ['an edit that names no file', { kind: 'edit' }, 'no'],
    ['an edit known by its diff', { kind: 'edit', content: [{ type: 'diff', path: 'evaluate.py', newText: '' }] }, 'no'],
    ['a deletion', { kind: 'delete', locations: [{ path: 'evaluate.py' }] }, 'no'],
    ['a look', { kind: 'read', locations: [{ path: '/etc/passwd' }] }, 'yes'],
    ['a command', { kind: 'execute' }, 'no'],
    ['the web', { kind: 'fetch' }, 'no'],
    ['something else', {}, 'no'],
  ])('about %s', async (_name, call, expected) => {
    // Where it works is only known there.
    const prompt = ask(call).replaceAll('"$CWD/', 'process.cwd() + "/');
    expect(await answersOf(prompt)).toEqual([expected]);
  });

  it('is understood by all that was told of the call before', async () => {
    const told = `send({ sessionUpdate: 'tool_call', toolCallId: 't1', title: 'Edit', ...${JSON.stringify(edit('evaluate.py'))} });`;
    expect(await answersOf(told + ask({ kind: null, title: 'Edit evaluate.py?' }))).toEqual(['no']);
  });

  it('is allowed in the words that there are, or not at all', async () => {
    const [always = {}, , no = {}] = choices;
    expect(await answersOf(ask(edit('train.py'), [always, no]))).toEqual(['always']);
    expect(await answersOf(ask(edit('train.py'), [no]))).toEqual(['cancelled']);
    expect(await answersOf(ask(edit('evaluate.py'), [always]))).toEqual(['cancelled']);
  });

  it('of one that may do anything is allowed, but for the web', async () => {
    const prompt = ask({ kind: 'execute' }) + ask(edit('evaluate.py')) + ask({ kind: 'fetch' });
    expect(await answersOf(prompt, { unrestricted: true })).toEqual(['yes', 'yes', 'no']);
  });
});

describe('a turn that is broken off', () => {
  const waits = 'await onCancel; return { stopReason: "cancelled" };';

  /** Gives it as much more time as it takes on this machine to start and to be asked. */
  async function brokenOff(fake: Omit<FakeAcp, 'brief'>, briefOf: (ms: number) => Partial<Brief>): Promise<Spoken> {
    for (let ms = 1000; ; ms *= 2) {
      const spoken = await speakWith({ ...fake, brief: briefOf(ms) });
      if (methodsOf(spoken.heard).includes('session/prompt')) return spoken;
    }
  }

  it.each<[string, (ms: number) => Partial<Brief>, string]>([
    ['takes too long', (ms) => ({ timeoutMs: ms }), 'timeout'],
    ['is silent', (ms) => ({ limits: { idleMs: ms } }), 'idle'],
    ['is not wanted any more', (ms) => ({ signal: AbortSignal.timeout(ms) }), 'cancelled'],
  ])('because it %s is cancelled, and says what it has used', async (_name, briefOf, kind) => {
    const cost = `send({ sessionUpdate: 'usage_update', used: 1, size: 2, cost: { amount: 0.5, currency: 'USD' } });`;
    const { result, heard, cwd } = await brokenOff({ prompt: cost + waits }, briefOf);
    expect(result).toMatchObject({ status: 'failed', kind });
    if (kind !== 'cancelled') {
      expect(methodsOf(heard).at(-1)).toBe('session/cancel');
      expect(result).toMatchObject({ usage: { usd: 0.5 } });
    }
    expect(await leftovers(cwd)).toEqual([]);
  });

  it('is ended when it does not listen', async () => {
    const { result, heard, cwd } = await brokenOff({ prompt: waits, isDeaf: true }, (ms) => ({ timeoutMs: ms }));
    expect(result).toMatchObject({ status: 'failed', kind: 'timeout' });
    expect(methodsOf(heard).at(-1)).toBe('session/cancel');
    expect(await leftovers(cwd)).toEqual([]);
  });
});

describe('a failure', () => {
  it.each([
    ['has to sign in', { refuses: { code: -32000, message: 'Authentication required' } }, 'auth', 'Authentication required'],
    [
      'quotes its service',
      { refuses: { code: -32603, message: 'Internal error', data: { details: '429 slow down' } } },
      'rate-limit',
      '429',
    ],
    ['speaks another version', { hello: { protocolVersion: 7, agentCapabilities: {} } }, 'config', 'version 7'],
    ['does not know the protocol', { prompt: 'throw { code: -32601, message: "Method not found" }' }, 'config', 'Method not found'],
    ['dies', { prompt: 'console.error("I am dying"); process.exit(3)' }, 'crash', 'exited with 3'],
    ['prints something else', { prompt: 'process.stdout.write("what?\\n".repeat(3)); process.exit(0)' }, 'crash', ''],
    ['ran into its limit', { prompt: 'return { stopReason: "max_turn_requests" }' }, 'turn-limit', 'as often as'],
    ['refused', { prompt: 'return { stopReason: "refusal" }' }, 'bad-output', 'refused'],
  ] as const)('of one that %s', async (_name, fake, kind, text) => {
    const { result, cwd } = await speakWith(fake);
    expect(result).toMatchObject({ status: 'failed', kind, message: expect.stringContaining(text) });
    expect(await leftovers(cwd)).toEqual([]);
  });

  it('of one that is not there', async () => {
    const { result } = await speakWith({ options: { command: ['/no/such/agent'] } });
    expect(result).toMatchObject({ status: 'failed', kind: 'not-installed' });
  });
});

describe('where its model is', () => {
  it('is told in the words of its own, and never the key', async () => {
    vi.stubEnv('MY_KEY', 'the-key');
    const set = { BASE: '{url}/v1', TOKEN: '{token}', SETTINGS: '{"model":"{model}"}', HERE: '{home}', NO: '{other}' };
    const files = { '.agent/settings.json': '{"key":"{token}"}' };
    const options = { login: false, key: 'MY_KEY', url: 'http://127.0.0.1:9', model: 'm1', set, files };
    const { env, result, scratchDir } = await speakWith({ options, prompt: say(FENCED) });
    expect(env['BASE']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect(env['TOKEN']).toMatch(/^ar-\w+$/);
    expect(env).toMatchObject({
      SETTINGS: '{"model":"m1"}',
      HERE: join(scratchDir, 'home'),
      HOME: join(scratchDir, 'home'),
      NO: '{other}',
    });
    expect(JSON.stringify(env)).not.toContain('the-key');
    expect(await readFile(join(scratchDir, 'home/.agent/settings.json'), 'utf8')).toBe(`{"key":"${env['TOKEN']}"}`);
    expect(result).toMatchObject({ status: 'proposed', usage: { requests: 0, source: 'meter' } });
  });

  it('is not told to one with a login, which finds its own home as it is', async () => {
    const options = { set: { BASE: '{url}', TOKEN: '{token}', FIXED: 'yes' }, files: { 'x.json': 'x' } };
    const { env, scratchDir } = await speakWith({ options, brief: { env: { PATH: process.env['PATH'] ?? '', HOME: '/home/user' } } });
    expect(env).toMatchObject({ FIXED: 'yes', HOME: '/home/user' });
    expect([env['BASE'], env['TOKEN']]).toEqual([undefined, undefined]);
    await expect(readFile(join(scratchDir, 'home/x.json'))).rejects.toThrow('ENOENT');
  });
});
