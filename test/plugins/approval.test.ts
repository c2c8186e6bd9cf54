import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import approval from '../../examples/approval/approval.ts';
import type { Gate, Judgement, ScoredExperiment } from '../../src/plugin.ts';
import { makeContext, makeExperiment, makeRunView, testPlugin } from '../../src/testing.ts';
import { createFrom } from '../../src/testing/options.ts';
import { configOf, experimentsOf, problemsOf, resume, run, set, stepsAgent, verdicts } from '../helpers/project.ts';
import { linkAutoresearch } from '../helpers/link-autoresearch.ts';
import { makeFolder, makeRepo, openTestRepo, snapshot, type TestRepo } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';

const root = join(import.meta.dirname, '../..');
const believed = (pGain: number): Judgement => ({
  gate: 'posterior',
  outcome: 'pass',
  code: 'LIKELY_GAIN',
  reason: 'probably',
  estimate: { effect: -1, low: -2, high: 0, pGain, n: 1, method: 'test' },
});

testPlugin(approval, {
  options: { valid: [{}, { paths: ['policy/'], pGain: 0.9, lines: 10 }], invalid: [{ paths: [] }, { pGain: 2 }, { path: 'x' }] },
  cases: [{ name: 'asks about everything without options', expect: 'review' }],
});

describe('the approval gate', () => {
  const judge = (options: object, partial: Partial<ScoredExperiment>) =>
    (createFrom(approval, options as never, makeContext()) as Gate).judge?.(
      makeExperiment({ state: 'scored', ...partial }),
      makeRunView(),
    ) as Judgement;
  const changing = (...paths: string[]) => ({ changes: paths.map((path) => ({ path, kind: 'modified' }) as const) });

  it.each([
    [['policy'], 'policy', 'review'],
    [['policy'], 'policy/limits.json', 'review'],
    [['policy/'], 'policy/limits.json', 'review'],
    [['policy'], 'policy.md', 'pass'],
    [['policy'], 'lib/policy/x', 'pass'],
  ])('that asks about %j takes %s as a %s', (paths, path, outcome) => {
    expect(judge({ paths }, changing('train.py', path)).outcome).toBe(outcome);
  });

  it('asks when a gain is not sure enough, and when nobody says how sure it is', () => {
    expect(judge({ pGain: 0.9 }, { judgements: [believed(0.95)] })).toMatchObject({ outcome: 'pass', code: 'NO_APPROVAL_NEEDED' });
    expect(judge({ pGain: 0.9 }, { judgements: [believed(0.8)] })).toMatchObject({
      outcome: 'review',
      reason: expect.stringContaining('0.80'),
    });
    expect(judge({ pGain: 0.9 }, { judgements: [] })).toMatchObject({
      outcome: 'review',
      reason: expect.stringContaining('no gate before'),
    });
  });

  it('asks about large changes, and names every reason', () => {
    const found = judge({ paths: ['policy'], lines: 10 }, { ...changing('policy'), diff: { files: 1, added: 8, removed: 3 } });
    expect(found.reason).toBe('it touches policy; it changes 11 lines, and 10 need no human');
    expect(judge({ lines: 10 }, { diff: { files: 1, added: 8, removed: 2 } }).outcome).toBe('pass');
  });
});

describe('a run with it', () => {
  function project(parts: Parameters<typeof configOf>[0]): TestRepo {
    const file = (name: string) => readFileSync(join(root, name), 'utf8');
    const repo = makeRepo({
      'autoresearch.config.yaml': JSON.stringify(configOf(parts)),
      'approval.ts': file('examples/approval/approval.ts'),
      'lab.mjs': file('test/fixtures/plugins/lab.mjs'),
      'value.txt': '1\n',
      'train.sh': 'echo "loss: $(cat value.txt)"\n',
      'lib/part.txt': 'part\n',
      '.gitignore': 'node_modules\n',
    });
    linkAutoresearch(repo.dir);
    return repo;
  }
  const touching = (value: number) => ({ bash: `echo ${value} > value.txt; echo ${value} > lib/part.txt` });
  const gates = [{ use: 'min-delta' }, { use: './approval.ts', with: { paths: ['lib'] } }];

  it('parks what a human must see, goes on from the incumbent, and keeps every candidate reachable', async () => {
    const steps = [set(0.8), touching(0.5), set(0.7), touching(0.9), touching(0.5)];
    const repo = project({ agent: stepsAgent(steps), gates, budget: { experiments: 5 } });
    const before = snapshot(repo.dir);
    const { experiments, end } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual([
      '#0 keep BASELINE',
      '#1 keep IMPROVED',
      '#2 review NEEDS_APPROVAL',
      '#3 keep IMPROVED',
      '#4 discard NOT_BETTER',
      '#5 review NEEDS_APPROVAL',
    ]);
    expect(experiments[2]?.score?.value).toBe(0.5);
    expect(experiments[3]?.parent).toBe(experiments[1]?.candidate);
    expect(repo.git('show', `${experiments[2]?.candidate}:lib/part.txt`)).toBe('0.5\n');
    expect(repo.git('merge-base', '--is-ancestor', experiments[2]?.candidate ?? '', 'refs/autoresearch/night/ledger')).toBe('');
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(experiments[3]?.candidate);
    expect(end.reason.code).toBe('BUDGET_EXPERIMENTS');
    expect(await problemsOf(repo.dir)).toEqual([]);
    expect(snapshot(repo.dir)).toEqual(before);
    const recomputed = await runCli(['verify', '--recompute'], { cwd: repo.dir });
    expect([recomputed.code, recomputed.stdout]).toEqual([0, expect.stringContaining('recomputed, all the same')]);
  });

  it('does not lose patience over what is parked, nor count it as a crash', async () => {
    const steps = [touching(0.5), touching(0.4), touching(0.3), set(2), set(3), set(4)];
    const repo = project({ agent: stepsAgent(steps), gates, stop: { patience: 2 } });
    const { experiments, end } = await run(repo.dir);
    expect(verdicts(experiments).slice(1)).toEqual([
      '#1 review NEEDS_APPROVAL',
      '#2 review NEEDS_APPROVAL',
      '#3 review NEEDS_APPROVAL',
      '#4 discard NOT_BETTER',
      '#5 discard NOT_BETTER',
    ]);
    expect(end.reason.code).toBe('PATIENCE');
  });

  it('that is stopped and resumed goes on from the incumbent and counts the parked ones', async () => {
    const steps = [touching(0.5), set(0.8), touching(0.3), set(0.7)];
    const repo = project({ agent: stepsAgent(steps), gates, budget: { experiments: 2 } });
    await run(repo.dir);
    const { experiments, end } = await resume(repo.dir, { budget: { experiments: 4 } });
    expect(verdicts(experiments).slice(1)).toEqual([
      '#1 review NEEDS_APPROVAL',
      '#2 keep IMPROVED',
      '#3 review NEEDS_APPROVAL',
      '#4 keep IMPROVED',
    ]);
    expect(experiments[3]?.parent).toBe(experiments[2]?.candidate);
    expect(end.reason.code).toBe('BUDGET_EXPERIMENTS');
  });

  it('takes a parked gain for no drift of the machine', async () => {
    const loss = 'echo "loss: $(cat value.txt).$AUTORESEARCH_SEED"\n';
    const parts = {
      agent: stepsAgent([touching(5), set(20), set(21), set(22)]),
      trainer: { use: 'command', with: { run: ['bash', '-c', loss] }, timeout: '20s' },
      gates: [{ use: 'posterior' }, { use: './approval.ts', with: { paths: ['lib'] } }],
      noise: { controlEvery: 5 },
    };
    const repo = project(parts);
    repo.write('value.txt', '10\n');
    repo.commit('ten');
    const { experiments } = await run(repo.dir);
    const parked = experiments.filter(({ verdict }) => verdict === 'review');
    expect(parked.map(({ reason }) => reason.code)).toEqual(['NEEDS_APPROVAL']);
    const controls = experiments.filter(({ proposal }) => proposal.title === 'control');
    expect(controls.map(({ reason }) => reason.code)).toContain('CONTROL');
    expect(controls.map(({ reason }) => reason.code)).not.toContain('DRIFT');
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('never parks what is out of scope', async () => {
    const park = { outcome: 'review', code: 'ASK', reason: 'ask' };
    const answers = { use: './lab.mjs#answers', with: { screen: [park, park] } };
    const steps = [{ bash: 'echo 1 > train.sh' }, set(0.5)];
    const repo = project({ agent: stepsAgent(steps), gates: [answers, { use: 'min-delta' }] });
    expect(verdicts((await run(repo.dir)).experiments).slice(1)).toEqual(['#1 discard OUT_OF_SCOPE', '#2 review ASK']);
  });
});

it('the example runs as it stands and parks changes of the policy', async () => {
  const dir = makeFolder();
  cpSync(join(root, 'examples/approval'), dir, { recursive: true });
  linkAutoresearch(dir);
  const repo = openTestRepo(dir);
  repo.git('init', '-q', '-b', 'main');
  repo.commit('start');
  const { code, stderr } = await runCli(['run', '--name', 'night'], { cwd: dir });
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('Warning')]);
  const experiments = await experimentsOf(dir);
  const touched = experiments.filter(({ changes }) => changes.some(({ path }) => path === 'policy.mjs'));
  expect(touched.map(({ verdict }) => verdict)).toContain('review');
  expect(touched.map(({ verdict }) => verdict)).not.toContain('keep');
  expect(experiments.filter(({ verdict }) => verdict === 'keep').length).toBeGreaterThan(1);
});
