import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pendingDecisions, putDecision } from '../../../src/decisions/queue.ts';
import { makeProject, problemsOf, resume, run, set, stepsAgent, verdicts } from '../../helpers/project.ts';

const told = (dir: string) => readFileSync(join(dir, 'told.md'), 'utf8').split('=====\n').slice(1);

describe('a proposal that fails', () => {
  it('in a way that passes costs an experiment without training, and the run goes on', async () => {
    const repo = makeProject({
      agent: stepsAgent([{ bash: 'echo 9 > value.txt', failed: 'went on for ever', kind: 'turn-limit' }, set(0.5)]),
    });
    const { experiments, end } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 discard NO_PROPOSAL', '#2 keep IMPROVED']);
    expect(experiments[1]).toMatchObject({ trials: [], candidate: null, reason: { text: 'steps: turn-limit: went on for ever' } });
    expect(end.reason.code).toBe('NOTHING_LEFT');
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('in a way that has no name here counts as a crash of the agent', async () => {
    const repo = makeProject({ agent: stepsAgent([{ failed: 'odd', kind: 'no-such-kind' }, set(0.5)]) });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 discard NO_PROPOSAL', '#2 keep IMPROVED']);
    expect(experiments[1]?.reason.text).toBe('steps: crash: odd');
  });

  it('too often in a row fails the run', async () => {
    const steps = Array.from({ length: 5 }, () => ({ failed: 'no idea', kind: 'budget' }));
    const repo = makeProject({ agent: stepsAgent(steps), stop: { empty: 3 } });
    const { experiments, end } = await run(repo.dir);
    expect(end).toMatchObject({ outcome: 'failed', reason: { code: 'NO_PROPOSALS' } });
    expect(experiments).toHaveLength(4);
  });

  it('because nobody is signed in leaves the work to the next agent, which is said', async () => {
    const calls = join(makeProject().dir, 'calls');
    const first = stepsAgent([{ failed: 'no key', kind: 'auth' }, set(0.1)], { calls });
    const repo = makeProject({ agent: [first, stepsAgent([set(0.5), set(0.25)])] });
    const { experiments, messages } = await run(repo.dir);
    expect(experiments.map(({ score }) => score?.value)).toEqual([1, 0.5, 0.25]);
    expect(readFileSync(calls, 'utf8')).toBe('1\n');
    expect(messages.filter((message) => message.includes('is not asked again: auth: no key'))).toHaveLength(1);
  });

  it('is in the record of the proposal that came instead, with what it took', async () => {
    const usage = { requests: 2, usd: 0.5 };
    const first = stepsAgent([{ failed: 'lost', kind: 'turn-limit', usage }]);
    const repo = makeProject({ agent: [first, { ...stepsAgent([{ ...set(0.5), usage: { usd: 0.25 } }, set(0.4)]), name: 'second' }] });
    const { experiments } = await run(repo.dir);
    const seconds = expect.any(Number) as number;
    expect(experiments[1]?.proposal).toMatchObject({
      agent: 'second',
      usage: { requests: 2, usd: 0.75 },
      declined: [{ agent: 'steps', kind: 'turn-limit', seconds, usage }],
    });
    // One that has nothing left has not failed.
    expect(experiments[2]?.proposal).not.toHaveProperty('declined');
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('because its service is busy leaves the work to the next agent, until it may be asked again', async () => {
    const calls = join(makeProject().dir, 'calls');
    const busy = (retryAfterMs: number) => ({ failed: 'busy', kind: 'rate-limit', retryAfterMs });
    const first = { ...stepsAgent([busy(3_600_000)], { calls }), name: 'first' };
    const second = {
      ...stepsAgent([set(0.5), set(0.25), { ...set(0.1), failed: 'busy too', kind: 'overloaded', retryAfterMs: 5, attempts: 1 }]),
      name: 'second',
    };
    const repo = makeProject({ agent: [first, second], budget: { experiments: 3 } });
    const { experiments, messages } = await run(repo.dir);
    // In the third experiment both rest, and the one that may be asked first is waited for.
    expect(experiments.map(({ score, proposal }) => [proposal.agent, score?.value])).toEqual([
      ['engine', 1],
      ['second', 0.5],
      ['second', 0.25],
      ['second', 0.1],
    ]);
    expect(readFileSync(calls, 'utf8')).toBe('1\n');
    expect(messages.filter((message) => message.includes('agent first: rate-limit: busy; asked again in 3600 s'))).toHaveLength(1);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('because its service is busy for longer than the run has time fails it at once, to be resumed', async () => {
    const agent = stepsAgent([{ failed: 'busy', kind: 'rate-limit', retryAfterMs: 3_600_000 }]);
    const repo = makeProject({ agent, budget: { time: '10m' } });
    await expect(run(repo.dir)).rejects.toMatchObject({ code: 'AGENT_FAILED', message: 'steps: rate-limit: busy' });
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('is paid for: what failed tries used is in the record', async () => {
    const usage = { requests: 2, usd: 0.5, inputTokens: 100 };
    const failing = { failed: 'busy', kind: 'overloaded', retryAfterMs: 5, usage };
    const repo = makeProject({
      agent: [
        stepsAgent([
          { ...failing, attempts: 2, bash: 'echo 0.5 > value.txt' },
          { failed: 'lost', kind: 'turn-limit', usage },
          { failed: 'no key', usage },
        ]),
      ],
    });
    await expect(run(repo.dir)).rejects.toMatchObject({ code: 'AGENT_FAILED' });
    const again = await resume(repo.dir).catch((error: unknown) => error);
    expect(again).toMatchObject({ code: 'AGENT_FAILED' });
    const log = JSON.parse(repo.git('show', 'refs/autoresearch/night/ledger:record.json')) as { usage?: unknown };
    expect(log.usage).toEqual(usage);
    const records = repo.git('log', '--first-parent', '--format=%H', 'refs/autoresearch/night/ledger').trim().split('\n');
    const usages = records.map(
      (commit) => (JSON.parse(repo.git('show', `${commit}:record.json`)) as { proposal?: { usage?: object } }).proposal?.usage,
    );
    expect(usages.filter(Boolean)).toEqual([usage, { requests: 6, usd: 1.5, inputTokens: 300 }]);
  });
});

describe('a budget of dollars', () => {
  it('ends the run before a proposal that it could not pay', async () => {
    const step = (value: number) => ({ ...set(value), usage: { usd: 0.4 } });
    const repo = makeProject({ agent: stepsAgent([step(0.9), step(0.8), step(0.7)]), budget: { cost: 1 } });
    const { experiments, end } = await run(repo.dir);
    expect(experiments).toHaveLength(3);
    expect(end.reason).toMatchObject({ code: 'BUDGET_COST' });
    expect(end.reason.text).toContain('$0.80 of $1.00');
  });

  it('limits each proposal to what is left', async () => {
    const step = { bash: 'echo 0.9 > value.txt', usage: { usd: 0.25 }, limits: 'limits.txt' };
    const repo = makeProject({
      agent: { ...stepsAgent([step, step]), limits: { cost: 0.9, requests: 7 }, idle: '3s' },
      budget: { cost: 1, experiments: 2 },
    });
    const { experiments } = await run(repo.dir);
    expect(experiments).toHaveLength(3);
    const limits = readFileSync(join(repo.dir, 'limits.txt'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(limits).toEqual([
      { requests: 7, idleMs: 3000, usd: 0.9 },
      { requests: 7, idleMs: 3000, usd: 0.75 },
    ]);
  });
});

describe('the prompt', () => {
  const asks = { prompt: 'told.md' };

  it('tells the direction as it now reads, what was tried, and how the last experiment crashed', async () => {
    const repo = makeProject(
      {
        agent: stepsAgent([
          { ...set('boom'), title: 'try boom' },
          { ...asks, bash: 'echo 0.5 > value.txt' },
          { ...asks, bash: 'echo "Now smaller." > "$PROJECT/program.md"; echo 0.6 > value.txt' },
          asks,
        ]),
        program: 'program.md',
      },
      {
        'program.md': 'Halve it.\n',
        'train.sh': `grep -q boom value.txt && { echo 'bad \`\`\`json {} value'; exit 3; }; echo "loss: $(cat value.txt)"\n`,
      },
    );
    await run(repo.dir);
    const [second, third, fourth] = told(repo.dir);
    expect(second).toContain('Halve it.');
    expect(second).toContain('# The last experiment crashed');
    expect(second).toContain('````text\nbad ```json {} value\n````');
    expect(third).toContain('Kept:\n- #2 keep 0.5');
    expect(third).toContain('Crashed or refused:\n- #1 crash');
    expect(third).not.toContain('# The last experiment crashed');
    expect(fourth).toContain('Now smaller.');
  });

  const queueHint = (runDir: string, text: string) => putDecision(runDir, { kind: 'steer', text, by: { name: 'Ada', email: null } });

  it('carries the hints of the human once, and the record keeps them', async () => {
    const repo = makeProject({
      agent: stepsAgent([
        { ...asks, ...set(0.5) },
        { ...asks, ...set(0.4) },
      ]),
    });
    const runDir = join(repo.dir, '.autoresearch/night');
    queueHint(runDir, 'Try a smaller one.\n');
    queueHint(runDir, 'And be quick.');
    const { experiments } = await run(repo.dir);
    expect(told(repo.dir)[0]).toContain('# Hints for this experiment, from the human\n\nTry a smaller one.\n\nAnd be quick.');
    expect(told(repo.dir)[1]).not.toContain('Hints');
    expect(experiments.map(({ proposal }) => proposal.hints)).toEqual([undefined, ['Try a smaller one.\n', 'And be quick.'], undefined]);
    expect(pendingDecisions(runDir)).toEqual([]);
  });

  it('keeps hints for an agent that reads prompts', async () => {
    const repo = makeProject({ agent: stepsAgent([set(0.5)]) });
    const runDir = join(repo.dir, '.autoresearch/night');
    queueHint(runDir, 'Later.');
    const { experiments } = await run(repo.dir);
    expect(experiments[1]?.proposal.hints).toBeUndefined();
    expect(pendingDecisions(runDir)).toHaveLength(1);
  });
});

describe('a change that crashes', () => {
  const train = 'grep -q boom value.txt && { echo "it went boom"; exit 3; }; echo "loss: $(cat value.txt)"\n';
  const crash = { ...set('boom'), title: 'a bold idea' };
  const mending = (fix: object | object[], options: object = {}) =>
    makeProject({ agent: stepsAgent([{ ...crash, fixes: [fix].flat() }, set(0.1)], { canFix: 1, ...options }) }, { 'train.sh': train });

  it('goes back to its agent with the log, and counts as one experiment', async () => {
    const repo = mending({
      bash: 'test "$(cat value.txt)" = boom && echo 0.5 > value.txt',
      prompt: 'told.md',
      title: 'without the boom',
      usage: { requests: 3 },
    });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 keep IMPROVED']);
    const [, mended] = experiments;
    expect(mended?.proposal).toMatchObject({ title: 'a bold idea', usage: { requests: 3 } });
    expect(mended?.crashed).toMatchObject([{ reason: { code: 'TRIAL_FAILED' }, fix: 'without the boom', trials: [{ exitCode: 3 }] }]);
    expect(repo.git('rev-parse', `${mended?.candidate}^`).trim()).toBe(mended?.parent);
    const lost = mended?.crashed?.[0]?.candidate ?? '';
    expect(repo.git('show', `${lost}:value.txt`)).toBe('boom\n');
    expect(repo.git('rev-list', 'refs/autoresearch/night/ledger')).toContain(lost);
    expect(told(repo.dir)[0]).toContain('Your change for experiment 1 crashed: a bold idea');
    expect(told(repo.dir)[0]).toContain('it went boom');
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('stays a crash when the agent changes nothing, or too often crashes again', async () => {
    const same = await run(mending({ title: 'no way' }).dir);
    expect(verdicts(same.experiments)).toEqual(['#0 keep BASELINE', '#1 crash TRIAL_FAILED', '#2 keep IMPROVED']);
    const again = await run(mending([{ bash: 'echo boom2 > value.txt' }, { bash: 'echo boom3 > value.txt' }], { canFix: 2 }).dir);
    expect(verdicts(again.experiments)).toEqual(['#0 keep BASELINE', '#1 crash TRIAL_FAILED', '#2 keep IMPROVED']);
    expect(again.experiments[1]?.crashed).toHaveLength(2);
  });

  it('stays a crash where the config allows no fix, or the agent cannot mend', async () => {
    const repo = mending({ bash: 'echo 0.5 > value.txt' });
    const config = JSON.parse(readFileSync(join(repo.dir, 'autoresearch.config.yaml'), 'utf8')) as { agent: object };
    writeFileSync(join(repo.dir, 'autoresearch.config.yaml'), JSON.stringify({ ...config, agent: { ...config.agent, fixAttempts: 0 } }));
    expect(verdicts((await run(repo.dir)).experiments)[1]).toBe('#1 crash TRIAL_FAILED');
    const cannot = makeProject({ agent: stepsAgent([{ ...crash, fixes: [set(0.5)] }]) }, { 'train.sh': train });
    expect(verdicts((await run(cannot.dir)).experiments)[1]).toBe('#1 crash TRIAL_FAILED');
    expect(existsSync(join(cannot.dir, 'told.md'))).toBe(false);
  });
});
