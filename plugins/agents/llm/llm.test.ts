import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeBrief, makeContext, makePreflight, testPlugin } from '../../../src/testing.ts';
import type { Brief } from '../../../src/plugin.ts';
import { makeFolder } from '../../../test/helpers/repo.ts';
import { startStubModels } from '../../../test/helpers/stub-models/server.ts';
import type { Scenario } from '../../../test/helpers/stub-models/types.ts';
import llm from './index.ts';

testPlugin(llm, {
  options: {
    valid: [
      { provider: 'anthropic', model: 'claude-x' },
      { provider: 'openai-compatible', model: 'local', url: 'http://127.0.0.1:1', structured: false },
    ],
    invalid: [{}, { provider: 'other', model: 'x' }, { provider: 'openai', model: 'x', url: 'ftp://x' }],
  },
});

const ANSWER = {
  status: 'changed',
  title: 'LR up',
  hypothesis: 'the score falls',
  rationale: 'it still falls at the end',
  risks: ['it may diverge'],
  expected: { delta: -0.1, confidence: 0.6 },
  edits: [{ path: 'train.py', search: 'LR = 0.1', replace: 'LR = 0.2' }],
};
const says = (...answers: unknown[]): Scenario => {
  let at = 0;
  const next = () => answers[Math.min(at++, answers.length - 1)];
  return {
    isPlain: true,
    turn({ tools }) {
      const answer = next();
      if (typeof answer === 'string') return { do: 'say', text: answer };
      return tools.length > 0 ? { do: 'report', report: answer } : { do: 'say', text: JSON.stringify(answer) };
    },
  };
};
const PROVIDERS = ['anthropic', 'openai', 'google', 'openai-compatible'] as const;

beforeEach(() => {
  for (const name of ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY']) vi.stubEnv(name, 'the-real-key');
});
afterEach(() => void vi.unstubAllEnvs());

interface Asked {
  readonly provider?: (typeof PROVIDERS)[number];
  readonly brief?: Partial<Brief>;
  readonly options?: object;
  readonly times?: number;
}

async function ask(scenario: Scenario, { provider = 'anthropic', brief = {}, options = {}, times = 1 }: Asked = {}) {
  const models = await startStubModels(scenario);
  onTestFinished(() => models.close());
  const folder = makeFolder();
  const cwd = join(folder, 'worktree');
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'train.py'), 'LR = 0.1\n');
  writeFileSync(join(cwd, 'eval.py'), 'fair = True\n');
  const agent = llm.create(
    { provider, model: 'some-model', url: models.url, structured: true, maxChars: 200_000, maxOutputTokens: 4000, ...options },
    makeContext({ label: 'llm' }),
  );
  const results = [];
  for (let attempt = 0; attempt < times; attempt += 1)
    results.push(await agent.propose(makeBrief({ cwd, scratchDir: join(folder, 'scratch'), timeoutMs: 60_000, attempt, ...brief })));
  return { result: results[0], results, models, source: readFileSync(join(cwd, 'train.py'), 'utf8') };
}

describe.each(PROVIDERS)('through %s', (provider) => {
  it('asks once, applies the edits, and counts what the service served', async () => {
    const { result, models, source } = await ask(says(ANSWER), { provider });
    expect(result).toMatchObject({
      status: 'proposed',
      report: {
        title: 'LR up',
        risks: ['it may diverge'],
        expected: { delta: -0.1, confidence: 0.6 },
        model: 'some-model',
        source: 'schema',
      },
      usage: { requests: 1, inputTokens: models.served.inputTokens, outputTokens: models.served.outputTokens, source: 'meter' },
    });
    expect(models.served.outputTokens).toBeGreaterThan(10);
    expect(source).toBe('LR = 0.2\n');
    const [request] = models.requests;
    expect(request?.body).toContain('LR = 0.1');
    expect(request?.body).not.toContain('fair = True');
  });

  it('tells what kind of failure it was', async () => {
    const fault = (status: number, code: string, headers = {}): Scenario => ({
      ...says(ANSWER),
      fault: () => ({ status, code, message: code, headers }),
    });
    expect((await ask(fault(401, 'no such key'), { provider })).result).toMatchObject({ status: 'failed', kind: 'auth' });
    expect((await ask(fault(429, 'slow down', { 'retry-after': '7' }), { provider })).result).toMatchObject({
      kind: 'rate-limit',
      retryAfterMs: 7000,
    });
    expect((await ask(fault(500, 'broken'), { provider })).result).toMatchObject({ kind: 'overloaded' });
    const cut = await ask({ ...says(ANSWER), fault: () => 'cut' }, { provider });
    expect(cut.result).toMatchObject({ status: 'failed' });
    expect(cut.source).toBe('LR = 0.1\n');
    const silent = await ask({ ...says(ANSWER), fault: () => 'silent' }, { provider, brief: { limits: { idleMs: 400 } } });
    expect(silent.result).toMatchObject({ status: 'failed', kind: 'idle' });
    await expect.poll(() => silent.models.open()).toBe(0);
  });
});

describe('an answer', () => {
  it('that cannot be applied is a failure, and the next try is told why', async () => {
    const bad = { ...ANSWER, edits: [{ path: 'eval.py', search: 'True', replace: 'False' }] };
    const { results, models, source } = await ask(says(bad, ANSWER), { times: 2 });
    expect(results).toMatchObject([
      { status: 'failed', kind: 'bad-output', message: expect.stringContaining('may not be edited') },
      { status: 'proposed' },
    ]);
    expect(models.requests[0]?.body).not.toContain('could not be used');
    expect(models.requests[1]?.body).toContain('could not be used');
    expect(source).toBe('LR = 0.2\n');
  });

  it('in prose with a json block is read too', async () => {
    const text = `Here it is:\n\n\`\`\`json\n${JSON.stringify(ANSWER)}\n\`\`\`\n`;
    expect((await ask(says(text), { options: { structured: false } })).result).toMatchObject({ status: 'proposed' });
    expect((await ask(says('I would rather not.'), { options: { structured: false } })).result).toMatchObject({ kind: 'bad-output' });
  });

  it('may say that nothing is to be changed, or that nothing is left', async () => {
    expect((await ask(says({ ...ANSWER, status: 'no-change', edits: [] }))).result).toMatchObject({ status: 'no-change' });
    expect((await ask(says({ ...ANSWER, status: 'exhausted', edits: [] }))).result).toMatchObject({ status: 'exhausted' });
    expect((await ask(says({ ...ANSWER, edits: [] }))).result).toMatchObject({ kind: 'bad-output' });
  });
});

it('keeps to the limits of a proposal, and the key to itself', async () => {
  const prices = { '*': { input: 1_000_000, output: 1_000_000 } };
  const { results, models } = await ask(says({ ...ANSWER, edits: [] }), {
    brief: { limits: { requests: 1 } },
    options: { prices },
  });
  expect(results[0]?.status === 'failed' && results[0].usage?.usd).toBe(models.served.inputTokens + models.served.outputTokens);
  expect(models.requests.every(({ headers }) => headers['x-api-key'] === 'the-real-key')).toBe(true);
});

it('says before the run what is missing', async () => {
  vi.stubEnv('OPENAI_API_KEY', '');
  const problemsOf = async (options: object) => {
    const { preflight, problems } = makePreflight({ 'train.py': 'x'.repeat(2000) });
    await llm
      .create({ structured: true, maxChars: 1000, maxOutputTokens: 4000, model: 'm', ...options } as never, makeContext())
      .verify?.(preflight);
    return problems.map(({ code }) => code);
  };
  expect(await problemsOf({ provider: 'openai' })).toEqual(['AGENT_KEY_MISSING', 'PREFLIGHT_FAILED']);
  expect(await problemsOf({ provider: 'openai-compatible', maxChars: 5000 })).toEqual(['CONFIG_VALUE']);
  expect(await problemsOf({ provider: 'anthropic', maxChars: 5000 })).toEqual([]);
});
