import { describe, expect, it } from 'vitest';
import { REPORT, type ScenarioName } from '../helpers/stub-models/scenarios.ts';
import { openTestRepo } from '../helpers/repo.ts';
import { verdicts } from '../helpers/project.ts';
import { costOf, filesWith, KEY, playNight, pluginOf, type Night, type NightAgent } from './night.ts';
import { askOnce } from './ask.ts';

/** What holds after every night, however it ended. Calls without a whole answer are `cut`: the meter estimates what they took. */
export function expectSound({ left, problems, models, dir, tried }: Night, { isCut = false } = {}): void {
  expect(left).toEqual([]);
  expect(problems).toEqual([]);
  expect(models.open()).toBe(0);
  for (const { body, path, headers } of models.requests) {
    expect(path + body).not.toContain(KEY);
    expect(JSON.stringify(headers)).toContain(KEY);
  }
  expect(filesWith(KEY, dir)).toEqual([]);
  expect(openTestRepo(dir).git('log', '--all', '-p')).not.toContain(KEY);
  const { requests, ...tokens } = models.served;
  if (tried === undefined) return;
  const { usage } = tried.proposal;
  if (isCut) {
    expect(usage).toMatchObject({ requests, source: 'meter' });
    expect(usage?.inputTokens).toBeGreaterThan(tokens.inputTokens);
    expect(usage?.usd).toBeGreaterThan(costOf(models));
    return;
  }
  expect(usage).toMatchObject({ requests, ...tokens, source: 'meter' });
  expect(usage?.usd).toBeCloseTo(costOf(models), 9);
}

/** What a model with the report did, and how the report came. */
export function expectReport(agent: NightAgent, { tried }: Night): void {
  const { title, hypothesis, rationale, risks, expected } = REPORT;
  const source = agent === 'claude-code' || agent === 'codex' ? /schema|fenced/ : /fenced/;
  expect(tried?.proposal).toMatchObject({
    title,
    hypothesis,
    rationale,
    risks,
    expected,
    agent: pluginOf(agent),
    source: expect.stringMatching(source),
  });
}

/** What a night with a real agent comes to, for every way its model can behave. */
export function testNights(agent: NightAgent): void {
  // It takes seconds to start, and the engine's part is the same.
  const isSlow = agent === 'opencode';
  describe(`a night with ${agent}`, () => {
    it.each<ScenarioName>(isSlow ? ['edit', 'rate limit'] : ['edit', 'rate limit', 'overloaded'])(
      'keeps the model’s edit: %s',
      async (scenario) => {
        const night = await playNight(agent, scenario);
        expect(verdicts(night.experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
        expect(night.tried?.score?.value).toBe(0.4);
        expectReport(agent, night);
        expectSound(night);
      },
    );

    it('keeps an edit without a report that can be read', async () => {
      const night = await playNight(agent, 'garbage');
      expect(verdicts(night.experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
      expect(night.tried?.proposal.source).toBe('derived');
      expectSound(night);
    });

    it.each<[ScenarioName, string]>([
      ['no edit', 'NO_CHANGE'],
      ['out of scope', 'NO_CHANGE'],
      ['endless', 'NO_PROPOSAL'],
      ['overflow', 'NO_PROPOSAL'],
    ])('trains nothing after %s: %s', async (scenario, code) => {
      const night = await playNight(agent, scenario);
      expect(verdicts(night.experiments)).toEqual(['#0 keep BASELINE', `#1 discard ${code}`]);
      if (scenario === 'endless') expect(night.tried?.reason.text).toMatch(/(budget|turn-limit): /);
      if (scenario === 'overflow') expect(night.tried?.reason.text).toContain('context-overflow: ');
      expect(night.models.served.requests).toBeLessThanOrEqual(scenario === 'endless' ? 12 : 14);
      expectSound(night);
    });

    it('refuses what is out of scope when the agent may do anything, and trains nothing', async () => {
      const night = await playNight(agent, 'out of scope', { unrestricted: true });
      // Where a sandbox holds the agent too, it cannot even write the file.
      expect(verdicts(night.experiments).at(1)).toMatch(/^#1 discard (OUT_OF_SCOPE|NO_CHANGE)$/);
      expect(night.tried?.trials).toEqual([]);
      if (night.tried?.reason.code === 'OUT_OF_SCOPE') expect(night.tried.reason.text).toContain('evaluate.mjs');
      expectSound(night);
    });

    it('shows a model that looks around neither the key nor what else is in the user’s environment', async () => {
      const night = await playNight(agent, 'env', { unrestricted: true });
      expect(verdicts(night.experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
      const seen = night.models.requests.map(({ body }) => body).join('\n');
      expect(seen).toContain('PATH=');
      expect(seen).not.toContain('a-secret-of-the-users-shell');
      expectSound(night);
    });

    it('ends the run when the key is no good', async () => {
      const night = await playNight(agent, 'unauthorized');
      expect(night.end).toMatchObject({ outcome: 'failed', reason: { code: 'AGENT_FAILED', text: expect.stringContaining('auth: ') } });
      expectSound(night);
    });

    it('has a word for streams that break off', async () => {
      const { result, models } = await askOnce(agent, 'cut', 4);
      // Who tries on and on meets the limit.
      expect(result).toMatchObject({ status: 'failed', kind: expect.stringMatching(/^(network|budget)$/) });
      const { requests, inputTokens, outputTokens } = models.served;
      const usage = result.status === 'failed' ? result.usage : undefined;
      expect(usage?.requests).toBe(requests);
      // A stream that broke off did not say what it took: the prompt counts, and what came of the answer.
      expect(usage?.inputTokens).toBeGreaterThanOrEqual(inputTokens);
      expect(usage?.inputTokens).toBeGreaterThan(0);
      expect(usage?.outputTokens).toBeGreaterThanOrEqual(outputTokens);
    });

    it('gives up on a model that never answers', async () => {
      const night = await playNight(agent, 'silent', { idle: agent === 'opencode' ? '20s' : '8s' });
      expect(verdicts(night.experiments)).toEqual(['#0 keep BASELINE', '#1 discard NO_PROPOSAL']);
      expect(night.tried?.reason.text).toContain('idle: ');
      expectSound(night, { isCut: true });
    });
  });
}
