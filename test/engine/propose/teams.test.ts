import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { previewPrompt } from '../../../src/engine/session/preview-prompt.ts';
import { createLog } from '../../../src/log.ts';
import { makeProject, problemsOf, resume, run, set, stepsAgent, verdicts, type Step } from '../../helpers/project.ts';
import { makeFolder } from '../../helpers/repo.ts';
import { runCli } from '../../helpers/run-cli.ts';

type Entry = Readonly<Record<string, unknown>>;

const named = (name: string, steps: readonly Step[], options: Entry = {}): Entry => ({ ...stepsAgent(steps, options), name });
const team = (agents: readonly Entry[], options: Entry = {}, entry: Entry = {}): Entry => ({
  use: './lab.mjs#turns',
  with: { agents, ...options },
  ...entry,
});
const agentsOf = ({ experiments }: Awaited<ReturnType<typeof run>>) => experiments.slice(1).map(({ proposal }) => proposal.agent);

describe('a team', () => {
  it('has its members asked in its order, and records name the one that proposed', async () => {
    const repo = makeProject({
      agent: team([named('a', [set(0.9), set(0.8), set(0.7)]), named('b', [set(0.6), set(0.5), set(0.4)])]),
      budget: { experiments: 3 },
    });
    const ran = await run(repo.dir);
    expect(agentsOf(ran)).toEqual(['a', 'b', 'a']);
    expect(ran.experiments.map(({ score }) => score?.value)).toEqual([1, 0.9, 0.5, 0.7]);
    expect(await problemsOf(repo.dir)).toEqual([]);
    const { plugins } = JSON.parse(repo.git('show', 'refs/autoresearch/night/ledger~5:record.json')) as { plugins: { name: string }[] };
    expect(plugins.map(({ name }) => name).filter((name) => name === 'turns' || name === 'steps')).toEqual(['turns', 'steps', 'steps']);
    const again = await resume(repo.dir, { budget: { experiments: 4 } });
    expect(again.end.reason.code).toBe('NOTHING_LEFT');
  });

  it('has the next one asked where one has no proposal, and what that took is put to its account', async () => {
    const failed = { failed: 'went on for ever', kind: 'turn-limit', bash: 'echo 9 > value.txt', usage: { usd: 0.5, requests: 3 } };
    const repo = makeProject({
      agent: team([
        named('a', [failed, failed]),
        named('b', [
          { ...set(0.6), usage: { usd: 0.25 } },
          { failed: 'lost', kind: 'budget' },
        ]),
      ]),
      budget: { experiments: 2 },
    });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 discard NO_PROPOSAL']);
    const seconds = expect.any(Number) as number;
    expect(experiments[1]?.proposal).toMatchObject({
      agent: 'b',
      usage: { usd: 0.75, requests: 3 },
      declined: [{ agent: 'a', kind: 'turn-limit', seconds, usage: { usd: 0.5, requests: 3 } }],
    });
    expect(experiments[2]?.proposal.declined).toEqual([
      { agent: 'b', kind: 'budget', seconds },
      { agent: 'a', kind: 'turn-limit', seconds, usage: { usd: 0.5, requests: 3 } },
    ]);
    const shown = await runCli(['show', '1'], { cwd: repo.dir });
    expect(shown.stdout).toMatch(/declined +a: turn-limit, \$0\.5000\n/);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('goes on without a member that cannot work, which is said once', async () => {
    const calls = join(makeFolder(), 'calls');
    const repo = makeProject({
      agent: team([named('a', [{ failed: 'no key', kind: 'auth' }], { calls }), named('b', [set(0.6), set(0.5), set(0.4)])]),
      budget: { experiments: 3 },
    });
    const ran = await run(repo.dir);
    expect(agentsOf(ran)).toEqual(['b', 'b', 'b']);
    expect(readFileSync(calls, 'utf8')).toBe('1\n');
    expect(ran.messages.filter((message) => message.includes('agent a is not asked again: auth: no key'))).toHaveLength(1);
    expect(ran.experiments.map(({ proposal }) => proposal.declined?.length)).toEqual([undefined, 1, undefined, undefined]);
  });

  it('leaves a member out that is optional and not there, and does not begin without one that is not', async () => {
    const missing = { use: 'command', name: 'gone', with: { run: ['no-such-agent'] } };
    const others = named('b', [set(0.6)]);
    const { experiments, messages } = await run(makeProject({ agent: team([{ ...missing, optional: true }, others]) }).dir);
    expect(messages.join('\n')).toMatch(/agent gone is optional, and left out: .*no-such-agent/);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    await expect(run(makeProject({ agent: team([missing, others]) }).dir)).rejects.toMatchObject({
      errors: [{ code: 'COMMAND_NOT_FOUND' }],
    });
  });

  it('has a change that crashed go back to the member that made it', async () => {
    const crash = { ...set('boom'), fixes: [{ bash: 'test "$(cat value.txt)" = boom && echo 0.5 > value.txt', title: 'mended by b' }] };
    const calls = join(makeFolder(), 'calls');
    const agents = [named('a', [], { canFix: 1, calls }), named('b', [crash], { canFix: 1 })];
    const repo = makeProject(
      { agent: team(agents, { order: ['b', 'a'] }) },
      { 'train.sh': 'grep -q boom value.txt && exit 3; echo "loss: $(cat value.txt)"\n' },
    );
    const { experiments } = await run(repo.dir);
    expect(experiments[1]).toMatchObject({ verdict: 'keep', proposal: { agent: 'b' }, crashed: [{ fix: 'mended by b' }] });
    // Only for the experiment after it.
    expect(readFileSync(calls, 'utf8')).toBe('2\n');
  });

  it('hands on its limits to members that have none of their own', async () => {
    const step = { ...set(0.5), limits: 'limits.txt' };
    const agents = [named('a', [step]), { ...named('b', [{}, { ...step, ...set(0.4) }]), limits: { cost: 0.5 }, idle: '2s' }];
    const repo = makeProject({ agent: team(agents, {}, { limits: { requests: 7 }, idle: '9s' }), budget: { experiments: 2 } });
    await run(repo.dir);
    expect(repo.read('limits.txt')).toBe('{"requests":7,"idleMs":9000}\n{"idleMs":2000,"usd":0.5}\n');
  });

  it('is a link of a chain like any agent', async () => {
    const repo = makeProject({
      agent: [team([named('a', [set(0.9)]), named('b', [])]), named('last', [{}, set(0.5)])],
    });
    const ran = await run(repo.dir);
    expect(agentsOf(ran)).toEqual(['a', 'last']);
    expect(ran.end.reason).toMatchObject({ code: 'NOTHING_LEFT' });
  });

  it('is blamed for its order, and a member for what it throws', async () => {
    const stranger = makeProject({ agent: team([named('a', [set(0.9)])], { order: ['b'] }) });
    await expect(run(stranger.dir)).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
      plugin: 'turns',
      message: expect.stringContaining('"b"'),
    });
    const throwing = makeProject({ agent: team([named('a', [{ throw: 'oh' }])]) });
    await expect(run(throwing.dir)).rejects.toMatchObject({ code: 'PLUGIN_FAILED', plugin: 'a', hook: 'propose', message: 'oh' });
  });

  it('has its members ended at the end of the run', async () => {
    const ended = join(makeFolder(), 'ended');
    const repo = makeProject({ agent: team([named('a', [], { ended }), named('b', [], { ended })]) });
    expect(existsSync(ended)).toBe(false);
    await run(repo.dir);
    expect(readFileSync(ended, 'utf8').split('\n')).toEqual(expect.arrayContaining(['a', 'b']));
  });

  it('has prompts and checks of its members', async () => {
    const command = (name: string) => ({ use: 'command', name, with: { run: ['sh', '-c', `: ${name}`] } });
    const repo = makeProject({ agent: team([command('a'), command('b'), named('c', [])]) });
    const previews = await previewPrompt(repo.dir, undefined, createLog({ debug: false }));
    expect(previews.map(({ agent, text }) => [agent, text?.includes('You propose experiment 1')])).toEqual([
      ['a', true],
      ['b', true],
      ['c', undefined],
    ]);
    const { code, stdout } = await runCli(['check'], { cwd: repo.dir });
    expect(code).toBe(0);
    expect(stdout).toContain('agent      turns of a, b, c\n           sh -c : a\n');
    expect(stdout).toContain('           sh -c : b\n');
  });
});
