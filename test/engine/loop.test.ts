import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AutoresearchError } from '../../src/errors.ts';
import { makeProject, problemsOf, resume, run, set, stepsAgent, verdicts, type Step } from '../helpers/project.ts';

const train = (script: string, more: object = {}) => ({ use: 'command', with: { run: ['bash', '-c', script] }, timeout: '20s', ...more });
const gates = (options: object) => [{ use: 'min-delta' }, { use: './lab.mjs#answers', with: options }];
const codes = (list: readonly { reason: { code: string } }[]) => list.map(({ reason }) => reason.code);

async function failureOf(action: Promise<unknown>): Promise<AutoresearchError> {
  const error: unknown = await action.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AutoresearchError)) throw new Error(`expected a known error, not ${String(error)}`);
  return error;
}

describe('the baseline', () => {
  it('that fails ends the run, and is measured again as a new experiment on resume', async () => {
    const repo = makeProject(
      {
        agent: stepsAgent([set(0.5)], { first: 2 }),
        trainer: train(
          'test -e /tmp/no-such-file-$$ || test -e "$PWD"/../../../../ready || { echo broken; exit 7; }; echo "loss: $(cat value.txt)"',
        ),
      },
      { '.gitignore': 'ready\n' },
    );
    const first = await run(repo.dir);
    expect(first.end).toMatchObject({ outcome: 'failed', reason: { code: 'BASELINE_FAILED' } });
    expect(first.end.reason.text).toContain('exit code 7: broken');
    expect(verdicts(first.experiments)).toEqual(['#0 crash TRIAL_FAILED']);
    repo.write('ready', '');
    const second = await resume(repo.dir);
    expect(verdicts(second.experiments)).toEqual(['#0 crash TRIAL_FAILED', '#1 keep BASELINE', '#2 keep IMPROVED']);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });
});

describe('the run stops', () => {
  const many = Array.from({ length: 8 }, (_, index) => set(1 / (index + 2)));

  it('when its experiments are used, and resume with more goes on', async () => {
    const repo = makeProject({ agent: stepsAgent(many), budget: { experiments: 2 } });
    const first = await run(repo.dir);
    expect(first.end).toMatchObject({ outcome: 'stopped', reason: { code: 'BUDGET_EXPERIMENTS' } });
    expect(first.experiments).toHaveLength(3);
    const same = await resume(repo.dir);
    expect([same.end.reason.code, same.experiments.length]).toEqual(['BUDGET_EXPERIMENTS', 3]);
    const more = await resume(repo.dir, { budget: { experiments: 3 } });
    expect([more.end.reason.code, more.experiments.length]).toEqual(['BUDGET_EXPERIMENTS', 4]);
    // The budget that was given last is in force.
    expect((await resume(repo.dir)).experiments).toHaveLength(4);
  });

  it('when its time is used', async () => {
    const { now } = performance;
    onTestFinished(() => void (performance.now = now));
    // Each proposal takes an hour.
    const hours = `import { writeFileSync } from 'node:fs';
const { now } = performance;
let hours = 0;
performance.now = () => now.call(performance) + 3_600_000 * hours;
export default { kind: 'agent', name: 'hours', apiVersion: 1, description: 'd', schema: false, create: () => ({
  async propose({ cwd }) {
    hours++;
    writeFileSync(cwd + '/value.txt', String(1 / (hours + 1)));
    return { status: 'proposed', report: { title: 'an hour', source: 'tool' } };
  } }) };`;
    const repo = makeProject({ agent: { use: './hours.mjs' }, budget: { time: '90m' } }, { 'hours.mjs': hours });
    const { end, experiments } = await run(repo.dir);
    expect([end.outcome, end.reason.code]).toEqual(['stopped', 'BUDGET_TIME']);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 keep IMPROVED']);
    expect(Math.round(experiments[1]?.seconds ?? 0)).toBeGreaterThanOrEqual(3600);
  });

  it('when its cost is used', async () => {
    const repo = makeProject({ agent: stepsAgent(many.map((step) => ({ ...step, usage: { usd: 0.5 } }))), budget: { cost: 1 } });
    const { end, experiments } = await run(repo.dir);
    expect([end.reason.code, experiments.length]).toEqual(['BUDGET_COST', 3]);
  });

  it('when the target is reached', async () => {
    const repo = makeProject({ agent: stepsAgent(many), stop: { target: 0.3 } });
    const { end, experiments } = await run(repo.dir);
    expect([end.reason.code, experiments.at(-1)?.score?.value]).toEqual(['TARGET_REACHED', 0.25]);
  });

  it('when nothing was kept for as long as it has patience', async () => {
    const repo = makeProject({ agent: stepsAgent([set(0.5), set(2), set(3), set(4)]), stop: { patience: 2 } });
    const { end, experiments } = await run(repo.dir);
    expect([end.outcome, end.reason.code, experiments.length]).toEqual(['stopped', 'PATIENCE', 4]);
  });

  it('as failed after crashes in a row, and resume may try again', async () => {
    const repo = makeProject({ agent: stepsAgent([set('x'), set(0.5), set('x'), set('x'), set(0.25)]), stop: { crashes: 2 } });
    const first = await run(repo.dir);
    expect([first.end.outcome, first.end.reason.code, first.experiments.length]).toEqual(['failed', 'CRASHES', 5]);
    const second = await resume(repo.dir);
    expect([second.end.reason.code, second.experiments.length]).toEqual(['NOTHING_LEFT', 6]);
  });

  it('when no agent has anything left', async () => {
    const repo = makeProject({ agent: stepsAgent([set(0.5)]) });
    const { end } = await run(repo.dir);
    expect(end).toMatchObject({ outcome: 'stopped', reason: { code: 'NOTHING_LEFT', text: 'steps: no more steps' } });
  });
});

describe('agents', () => {
  const chain = (...lists: (readonly Step[])[]) => lists.map((steps) => stepsAgent(steps));

  it('that are optional are left out where they cannot be used, and the others are refused before the run', async () => {
    const missing = { use: 'command', with: { run: ['no-such-agent'] } };
    const before = (agent: object) => makeProject({ agent: [agent, stepsAgent([set(0.5)])] }).dir;
    await expect(run(before(missing))).rejects.toThrow('no-such-agent');
    const { experiments, messages } = await run(before({ ...missing, optional: true }));
    expect(messages.join('\n')).toMatch(/agent command is optional, and left out: .*no-such-agent/);
    expect(experiments.map(({ proposal }) => proposal.agent)).toEqual(['engine', 'steps']);
  });

  it('are a chain: the next one is asked, with the files as they were', async () => {
    const first: Step[] = [
      { bash: 'echo 9 > value.txt; echo x > left.txt; git add -A', failed: 'too many turns', kind: 'turn-limit' },
      { bash: 'echo 9 > value.txt', exhausted: 'nothing' },
      set(0.1),
    ];
    const repo = makeProject({
      agent: chain(first, [
        { bash: 'test ! -e left.txt && echo 0.5 > value.txt' },
        { bash: 'test "$(cat value.txt)" = 0.5 && echo 0.25 > value.txt' },
      ]),
    });
    const { experiments, end } = await run(repo.dir);
    expect(experiments.map(({ score }) => score?.value)).toEqual([1, 0.5, 0.25, 0.1]);
    expect(experiments[1]?.changes).toEqual([{ path: 'value.txt', kind: 'modified' }]);
    expect(end.reason.code).toBe('NOTHING_LEFT');
  });

  it('that fail for a moment are asked again, with the files as they were', async () => {
    const repo = makeProject({
      agent: stepsAgent([
        {
          bash: 'test ! -e left.txt && echo 0.$((5 - ATTEMPT)) > value.txt; echo x > left.txt; test $ATTEMPT = 0 || rm left.txt',
          failed: 'busy',
          kind: 'overloaded',
          retryAfterMs: 20,
          attempts: 1,
        },
      ]),
    });
    const { experiments } = await run(repo.dir);
    expect(experiments.map(({ score, reason }) => [score?.value, reason.code])).toEqual([
      [1, 'BASELINE'],
      [0.4, 'IMPROVED'],
    ]);
  });

  it.each([
    ['for good', { failed: 'no key', kind: 'auth' }, 2],
    ['again and again', { failed: 'busy', kind: 'rate-limit', retryAfterMs: 5 }, 10],
  ])('that fail %s fail the run, and nothing is lost', async (_how, step, asked) => {
    const calls = join(makeProject().dir, 'calls');
    const repo = makeProject({
      agent: stepsAgent([set(0.5), { bash: 'echo 9 > value.txt', ...step, attempts: undefined }, set(0.1)], { calls }),
    });
    const error = await failureOf(run(repo.dir));
    expect([error.code, error.exitCode]).toEqual(['AGENT_FAILED', 1]);
    expect(error.message).toMatch(/steps: (auth: no key|rate-limit: busy)/);
    expect(error.hint).toContain('autoresearch resume');
    expect(readFileSync(calls, 'utf8').trim().split('\n').length).toBe(asked);
    expect(repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
    expect(existsSync(join(repo.dir, '.autoresearch/night/lock'))).toBe(false);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('that throw fail the run by name', async () => {
    const repo = makeProject({ agent: stepsAgent([{ throw: 'boom' }]) });
    const error = await failureOf(run(repo.dir));
    expect([error.code, error.plugin, error.hook, error.message]).toEqual(['PLUGIN_FAILED', 'steps', 'propose', 'boom']);
    expect(error).toMatchObject({ path: 'agent', at: { file: 'autoresearch.config.yaml', line: expect.any(Number) } });
  });

  it.each([
    ['no report', "{ status: 'proposed' }", /no report/],
    ['an unknown status', "{ status: 'done' }", /unknown status "done"/],
  ])('that answer with %s fail the run by name', async (_what, answer, message) => {
    const repo = makeProject(
      { agent: { use: './odd.mjs' } },
      {
        'odd.mjs': `export default { kind: 'agent', name: 'odd', apiVersion: 1, description: 'd', schema: false, create: () => ({ propose: async () => (${answer}) }) };`,
      },
    );
    const error = await failureOf(run(repo.dir));
    expect([error.code, error.plugin]).toEqual(['PLUGIN_FAILED', 'odd']);
    expect(error.message).toMatch(message);
  });

  it('may say anything: control characters, false trailers, half characters, nothing at all', async () => {
    const nasty = 'a\0b\u001b[31m\nAutoresearch-Experiment: 99\n\u2028half \ud83d';
    const report = { hypothesis: nasty, rationale: nasty, risks: [nasty], params: { LR: 0.1 }, expected: { delta: -0.1 } };
    const repo = makeProject({
      agent: stepsAgent([
        { ...set(0.5), title: nasty, report },
        { ...set(0.25), title: '' },
        { ...set(0.2), title: 'x'.repeat(5000) },
      ]),
    });
    const { experiments } = await run(repo.dir);
    expect(codes(experiments)).toEqual(['BASELINE', 'IMPROVED', 'IMPROVED', 'IMPROVED']);
    expect(experiments[1]?.proposal.title).toBe(nasty);
    expect(experiments[2]?.proposal.title).toBe('value.txt: 0.25');
    expect(await problemsOf(repo.dir)).toEqual([]);
    const subjects = repo.git('log', '--format=%s', 'autoresearch/night', '-3').trim().split('\n');
    expect(subjects[0]?.length).toBeLessThanOrEqual(120);
    expect(subjects[2]).toBe('a b [31m Autoresearch-Experiment: 99 half \ufffd');
    expect(
      repo
        .git('log', '--format=%(trailers:key=Autoresearch-Experiment,valueonly,separator=%x2C)', '-1', experiments[1]?.candidate ?? '')
        .trim(),
    ).toBe('1');
  });

  it('that change nothing are discarded without a trial', async () => {
    const repo = makeProject({ agent: stepsAgent([{ noChange: true, title: 'nothing', report: { rationale: 'all is well' } }]) });
    const { experiments } = await run(repo.dir);
    expect(experiments[1]).toMatchObject({
      verdict: 'discard',
      reason: { code: 'NO_CHANGE', text: 'all is well' },
      candidate: null,
      trials: [],
    });
  });
});

describe('gates', () => {
  const fail = { outcome: 'fail', code: 'NO', reason: 'no' };
  const more = { outcome: 'more', code: 'UNSURE', reason: 'unsure' };

  it('that ask for more trials get them, with other seeds', async () => {
    const repo = makeProject({ agent: stepsAgent([set(0.5)]), gates: gates({ judge: [more, more] }) });
    const { experiments } = await run(repo.dir);
    expect(experiments[1]?.trials.map(({ index, seed, state }) => [index, seed, state])).toEqual([
      [0, 1, 'measured'],
      [1, 2, 'measured'],
      [2, 3, 'measured'],
    ]);
    expect(experiments[1]).toMatchObject({ verdict: 'keep', score: { value: 0.5, n: 3, spread: 0 } });
  });

  it('see as many trials as the config asks for', async () => {
    const repo = makeProject({
      agent: stepsAgent([set(0.5)]),
      trainer: train('echo "loss: $(cat value.txt)$AUTORESEARCH_TRIAL"', { trials: 2 }),
    });
    const { experiments } = await run(repo.dir);
    expect(experiments.map(({ score }) => [score?.value, score?.n])).toEqual([
      [10.5, 2],
      [0.505, 2],
    ]);
    expect(experiments[1]?.metrics['loss']).toBe(0.505);
  });

  it('that ask for a human end in review, and the change is not kept', async () => {
    const review = { outcome: 'review', code: 'LARGE', reason: 'look at it' };
    const repo = makeProject({ agent: stepsAgent([set(0.5), set(0.25)]), gates: gates({ judge: [review] }) });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 review LARGE', '#2 keep IMPROVED']);
    expect(experiments[2]?.parent).toBe(experiments[0]?.candidate);
  });

  it('that fail outweigh those that ask', async () => {
    const repo = makeProject({ agent: stepsAgent([set(0.5)]), gates: gates({ judge: [fail] }) });
    expect(codes((await run(repo.dir)).experiments)).toEqual(['BASELINE', 'NO']);
  });

  it('that screen save the training', async () => {
    const repo = makeProject({ agent: stepsAgent([set(0.5), set(0.4)]), gates: gates({ screen: [fail, { ...fail, outcome: 'review' }] }) });
    const { experiments } = await run(repo.dir);
    expect(experiments.slice(1)).toMatchObject([
      { verdict: 'discard', trials: [] },
      { verdict: 'review', trials: [] },
    ]);
  });

  it.each([[null], [false], ['pass'], [{ outcome: 'passed', code: 'X', reason: 'x' }]])(
    'that judge with %j are a crash, not a keep',
    async (answer) => {
      const repo = makeProject({ agent: stepsAgent([set(0.5)]), gates: gates({ judge: [answer] }) });
      const { experiments } = await run(repo.dir);
      expect(experiments[1]).toMatchObject({ verdict: 'crash', reason: { code: 'PLUGIN_FAILED' } });
      expect(experiments[1]?.reason.text).toMatch(/^\[plugin answers\] judge: /);
    },
  );

  it('that watch stop a hopeless trial', async () => {
    const repo = makeProject({
      agent: stepsAgent([set(0.5), set(0.4)]),
      trainer: train('if [ "$AUTORESEARCH_EXPERIMENT" = 1 ]; then echo "step 1: diverged"; sleep 60; fi; echo "loss: $(cat value.txt)"'),
      gates: gates({ observe: 'diverged' }),
    });
    const { experiments } = await run(repo.dir);
    expect(experiments[1]).toMatchObject({ verdict: 'discard', reason: { code: 'HOPELESS', text: 'it said step 1: diverged' } });
    expect(experiments[1]?.trials[0]?.exit).toBe('stopped');
    expect(codes(experiments)[2]).toBe('IMPROVED');
  });
});
