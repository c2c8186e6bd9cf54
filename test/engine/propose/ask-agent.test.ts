import { describe, expect, it } from 'vitest';
import { AgentChain } from '../../../src/engine/propose/agent-chain.ts';
import { askAgent } from '../../../src/engine/propose/ask-agent.ts';
import type { AgentInstance } from '../../../src/engine/session/instance.ts';
import type { AgentResult, Brief, FailureKind } from '../../../src/plugin.ts';

/** Asks an agent that fails this way every time; gives how long the prompt was each time. */
async function promptsOf(kind: FailureKind): Promise<string[]> {
  const prompts: string[] = [];
  const propose = async (brief: Brief): Promise<AgentResult> => {
    prompts.push(await brief.prompt());
    return { status: 'failed', kind, message: 'no' };
  };
  const agent = { kind: 'agent', label: 'one', path: 'agent[0]', role: { propose } } as unknown as AgentInstance;
  const history = 'past experiment\n'.repeat(100);
  const prompt = (share = 1) => Promise.resolve(`direction\n${history.slice(0, Math.floor(history.length * share))}`);
  const brief = {
    id: 1,
    attempt: 0,
    signal: new AbortController().signal,
    timeoutMs: 1000,
    limits: {},
    prompt,
    run: { usd: 0, budget: {} },
  };
  const chain = new AgentChain(
    () => {},
    () => {},
  );
  const asking = chain.open(brief as unknown as Brief, { most: Infinity, startOver: async () => {}, spends: () => {} });
  expect(await askAgent(agent, brief as unknown as Brief, chain)).toBeUndefined();
  expect(asking.declines).toMatchObject([{ agent: 'one', kind, message: 'no' }]);
  return prompts;
}

describe('askAgent', () => {
  it('halves the history for an agent whose prompt was too long', async () => {
    const [first = '', second = '', ...more] = await promptsOf('context-overflow');
    expect(more).toEqual([]);
    expect(first).toContain(second);
    expect(second.length).toBeLessThan(0.6 * first.length);
    expect(second).toMatch(/^direction\n/);
  });

  it.each<[FailureKind, number]>([
    ['crash', 3],
    ['bad-output', 2],
    ['timeout', 2],
    ['turn-limit', 1],
    ['auth', 1],
    ['rate-limit', 1],
  ])('asks again after %s, %i times in all, with the same prompt', async (kind, times) => {
    const prompts = await promptsOf(kind);
    expect(prompts).toHaveLength(times);
    expect(new Set(prompts).size).toBe(1);
  });
});
