import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SettledExperiment } from '../../../src/experiment.ts';
import { createSigner, keyIn } from '../../../src/ledger/signed-lines.ts';
import { makeTrial } from '../../../src/testing.ts';
import { makeProject, problemsOf, resume, run, set, stepsAgent, verdicts } from '../../helpers/project.ts';
import { makeFolder, openTestRepo, snapshot, type TestRepo } from '../../helpers/repo.ts';
import { runCli } from '../../helpers/run-cli.ts';

const NIGHT = '.autoresearch/night';
const WORKTREE = `${NIGHT}/worktrees/default`;
const PROPOSAL = { title: 'from before', hypothesis: '', rationale: '', risks: [], agent: 'steps', source: 'schema' };

/** A run whose baseline and first experiment are done, whose second will be asked for, and a file that counts what is asked and trained. */
async function makeBegun(parts: Readonly<Record<string, unknown>> = {}) {
  const counts = join(makeFolder(), 'asked');
  const trained = `${counts}-trained`;
  const repo = makeProject({
    agent: stepsAgent([set(0.5), { ...set(0.4), title: 'asked anew' }], { calls: counts }),
    trainer: {
      use: 'command',
      with: { run: ['bash', '-c', `echo "$AUTORESEARCH_EXPERIMENT.$AUTORESEARCH_TRIAL" >> ${trained}; echo "loss: $(cat value.txt)"`] },
      timeout: '20s',
    },
    workspace: { writable: [dirname(counts)] },
    budget: { experiments: 1 },
    ...parts,
  });
  const { experiments } = await run(repo.dir);
  const tip = experiments[1]?.candidate ?? '';
  const lines = (file: string) =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(file === counts ? 1 : 0);
  return { repo, tip, asked: () => lines(counts), trained: () => lines(trained).filter((line) => line.startsWith('2.')) };
}

function writeWal(repo: TestRepo, ...states: object[]): void {
  const signer = createSigner(keyIn(join(repo.dir, NIGHT, 'wal.key')));
  repo.write(`${NIGHT}/wal.jsonl`, states.map((state) => `${signer.sign(state)}\n`).join(''));
}

const proposed = (parent: string) => ({
  v: 1,
  run: 'night',
  id: 2,
  state: 'proposed',
  startedAt: '2026-01-01T00:00:00.000Z',
  parent,
  proposal: PROPOSAL,
});
const committed = (parent: string, candidate: string, more: object = {}) => ({
  ...proposed(parent),
  state: 'committed',
  candidate,
  changes: [{ path: 'value.txt', kind: 'modified' }],
  diff: null,
  trials: [],
  metrics: {},
  score: null,
  judgements: [],
  ...more,
});

/** A commit on `parent` with one file changed, made without touching the checkout. */
function commitOn(repo: TestRepo, parent: string, path: string, text: string): string {
  const dir = join(makeFolder(), 'w');
  repo.git('worktree', 'add', '-q', '--detach', dir, parent);
  writeFileSync(join(dir, path), text);
  const commit = openTestRepo(dir).commit('from before');
  repo.git('worktree', 'remove', '--force', dir);
  return commit;
}

function addWorktree(repo: TestRepo, commit: string): TestRepo {
  repo.git('worktree', 'add', '-q', '--detach', WORKTREE, commit);
  return openTestRepo(join(repo.dir, WORKTREE));
}

const go = (repo: TestRepo) => resume(repo.dir, { budget: { experiments: 2 } });
const second = ({ experiments }: { experiments: readonly SettledExperiment[] }) => experiments[2];

describe('resume, after a kill', () => {
  it('commits a proposal whose edits are in the worktree', async () => {
    const { repo, tip, asked } = await makeBegun();
    addWorktree(repo, tip).write('value.txt', '0.3\n');
    writeWal(repo, proposed(tip));
    const result = await go(repo);
    expect(second(result)).toMatchObject({ verdict: 'keep', proposal: { title: 'from before' }, score: { value: 0.3 } });
    expect(asked()).toEqual([]);
  });

  it('commits a proposal whose commit was made but not written down', async () => {
    const { repo, tip, asked } = await makeBegun();
    const worktree = addWorktree(repo, tip);
    worktree.write('value.txt', '0.3\n');
    worktree.commit('from before');
    writeWal(repo, proposed(tip));
    const result = await go(repo);
    expect(second(result)).toMatchObject({ verdict: 'keep', parent: tip, score: { value: 0.3 } });
    expect(asked()).toEqual([]);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('commits a proposal that a second kill has left without the index, which is made anew', async () => {
    const { repo, tip, asked } = await makeBegun();
    addWorktree(repo, tip).write('value.txt', '0.3\n');
    rmSync(join(repo.dir, '.git/worktrees/default/index'));
    writeWal(repo, proposed(tip));
    const result = await go(repo);
    expect(second(result)).toMatchObject({ verdict: 'keep', changes: [{ path: 'value.txt', kind: 'modified' }], score: { value: 0.3 } });
    expect(asked()).toEqual([]);
  });

  it('asks again when the worktree with the proposal is gone', async () => {
    const { repo, tip, asked } = await makeBegun();
    writeWal(repo, proposed(tip));
    expect(second(await go(repo))).toMatchObject({ proposal: { title: 'asked anew' }, score: { value: 0.4 } });
    expect(asked()).toEqual(['2']);
  });

  it('asks again when the line of the proposal is torn, and takes no edit from the worktree', async () => {
    const { repo, tip, asked } = await makeBegun();
    addWorktree(repo, tip).write('lib/part.txt', 'left over\n');
    repo.write(`${NIGHT}/wal.jsonl`, JSON.stringify(proposed(tip)).slice(0, -20));
    expect(second(await go(repo))?.changes).toEqual([{ path: 'value.txt', kind: 'modified' }]);
    expect(asked()).toEqual(['2']);
  });

  it('measures a candidate that was not measured, and does not count the night in between', async () => {
    const { repo, tip, asked, trained } = await makeBegun();
    const candidate = commitOn(repo, tip, 'value.txt', '0.3\n');
    writeWal(repo, proposed(tip), committed(tip, candidate));
    const began = performance.now();
    const result = await go(repo);
    expect(second(result)).toMatchObject({ verdict: 'keep', candidate, score: { value: 0.3 } });
    expect(1000 * (second(result)?.seconds ?? Infinity)).toBeLessThanOrEqual(performance.now() - began + 1);
    expect([asked(), trained()]).toEqual([[], ['2.0']]);
  });

  it('counts no trial that it has not signed itself, says so, and loses nothing else', async () => {
    const { repo, tip, asked, trained } = await makeBegun();
    const candidate = commitOn(repo, tip, 'value.txt', '0.3\n');
    const honest = committed(tip, candidate);
    writeWal(repo, proposed(tip), honest);
    const forged = { ...honest, trials: [{ ...makeTrial({ metrics: { loss: 0 } }), commit: candidate }], metrics: { loss: 0 } };
    const signed = repo.read(`${NIGHT}/wal.jsonl`).trim().split('\n').at(-1) ?? '';
    const edited = signed.replace('"trials":[]', `"trials":${JSON.stringify(forged.trials)}`);
    appendFileSync(join(repo.dir, NIGHT, 'wal.jsonl'), `${JSON.stringify(forged)}\n${edited}\n`);
    const result = await go(repo);
    expect(second(result)).toMatchObject({ verdict: 'keep', candidate, score: { value: 0.3 } });
    expect([asked(), trained()]).toEqual([[], ['2.0']]);
    expect(result.messages.join('\n')).toContain('have 2 lines that are not signed by this run');
  });

  it('begins an experiment of a version that did not sign anew, and says so', async () => {
    const { repo, tip, asked } = await makeBegun();
    repo.write(`${NIGHT}/wal.jsonl`, `${JSON.stringify(committed(tip, commitOn(repo, tip, 'value.txt', '0.3\n')))}\n`);
    rmSync(join(repo.dir, NIGHT, 'wal.key'), { force: true });
    const result = await go(repo);
    expect(second(result)).toMatchObject({ proposal: { title: 'asked anew' } });
    expect(asked()).toEqual(['2']);
    expect(result.messages.join('\n')).toContain('not signed by this run');
  });

  it('keeps the folder of a run, and the key in it, from other users', async () => {
    const { repo } = await makeBegun();
    const modeOf = (path: string) => (statSync(join(repo.dir, NIGHT, path)).mode & 0o777).toString(8);
    expect([modeOf('.'), modeOf('wal.key')]).toEqual(['700', '600']);
  });

  it('never trains a candidate that the gates have not seen', async () => {
    const { repo, tip, trained } = await makeBegun();
    const candidate = commitOn(repo, tip, 'eval.py', 'fair = False\n');
    const changes = [{ path: 'eval.py', kind: 'modified' }];
    writeWal(repo, committed(tip, candidate, { changes }));
    const result = await go(repo);
    expect(second(result)).toMatchObject({ verdict: 'discard', reason: { code: 'OUT_OF_SCOPE' }, candidate, trials: [] });
    expect(existsSync(join(repo.dir, NIGHT, 'trial-default.log'))).toBe(true);
    expect(trained()).toEqual([]);
  });

  it('goes on with the trial that is missing, and counts those that are there', async () => {
    const { repo, tip } = await makeBegun({ trainer: { use: 'command', with: { run: ['sh', 'train.sh'] }, timeout: '20s', trials: 2 } });
    const candidate = commitOn(repo, tip, 'value.txt', '0.3\n');
    const trial = makeTrial({ commit: candidate, seconds: 100, metrics: { loss: 0.1 }, startedAt: new Date().toISOString() });
    writeWal(repo, committed(tip, candidate, { trials: [trial], metrics: { loss: 0.1 }, diff: { files: 1, added: 1, removed: 1 } }));
    const began = performance.now();
    const result = await go(repo);
    expect(second(result)?.trials.map(({ metrics }) => metrics['loss'])).toEqual([0.1, 0.3]);
    expect(second(result)).toMatchObject({ score: { n: 2, value: 0.2 } });
    const ms = 1000 * (second(result)?.seconds ?? 0) - 100_000;
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(ms).toBeLessThanOrEqual(performance.now() - began + 1);
  });

  it('asks again when the candidate is gone, or was made on a commit that was never kept', async () => {
    for (const broken of ['gone', 'elsewhere']) {
      const { repo, tip, asked } = await makeBegun();
      const state =
        broken === 'gone'
          ? committed(tip, '1'.repeat(40))
          : committed(commitOn(repo, 'main', 'lib/part.txt', 'x\n'), commitOn(repo, 'main', 'value.txt', '0.1\n'));
      writeWal(repo, state);
      expect(second(await go(repo))?.proposal.title).toBe('asked anew');
      expect(asked()).toEqual(['2']);
      expect(await problemsOf(repo.dir)).toEqual([]);
    }
  });

  it('measures a candidate whose basis is no longer the incumbent, and keeps it on top of that one', async () => {
    const { repo, tip } = await makeBegun();
    const base = repo.git('rev-parse', 'main').trim();
    const candidate = commitOn(repo, base, 'value.txt', '0.1\n');
    writeWal(repo, { ...committed(base, candidate), kind: 'change', basis: { incumbent: 0, commit: base } });
    const experiment = second(await go(repo));
    expect(experiment).toMatchObject({ verdict: 'keep', parent: base, measured: candidate, incumbent: { id: 1 }, delta: -0.4 });
    const kept = experiment?.candidate ?? '';
    expect(repo.git('show', '-s', '--format=%P', kept).trim()).toBe(`${tip} ${candidate}`);
    expect(repo.git('diff', candidate, kept)).toBe('');
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(kept);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('moves the branch that a kill has left behind', async () => {
    const { repo, tip } = await makeBegun();
    repo.git('update-ref', 'refs/heads/autoresearch/night', 'main');
    expect(await problemsOf(repo.dir)).not.toEqual([]);
    await resume(repo.dir);
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(tip);
  });
});

describe('a worktree that a kill has left', () => {
  const gitDir = (repo: TestRepo) => join(repo.dir, '.git/worktrees/default');

  it.each<[string, (repo: TestRepo) => void]>([
    [
      'with junk, locks and a branch of its own',
      (repo) => {
        repo.write(`${WORKTREE}/junk.txt`, 'x');
        openTestRepo(join(repo.dir, WORKTREE)).git('checkout', '-q', '-b', 'autoresearch-stray');
        writeFileSync(join(gitDir(repo), 'index.lock'), '');
        writeFileSync(join(gitDir(repo), 'HEAD.lock'), '');
      },
    ],
    ['whose folder is gone', (repo) => rmSync(join(repo.dir, WORKTREE), { recursive: true })],
    [
      'whose folder is empty',
      (repo) => {
        rmSync(join(repo.dir, WORKTREE), { recursive: true });
        mkdirSync(join(repo.dir, WORKTREE));
      },
    ],
    ['that git has forgotten', (repo) => rmSync(join(repo.dir, '.git/worktrees'), { recursive: true })],
    [
      'that git had begun to set up',
      (repo) => {
        writeFileSync(join(gitDir(repo), 'locked'), 'initializing');
        rmSync(join(gitDir(repo), 'HEAD'));
        rmSync(join(gitDir(repo), 'index'));
        rmSync(join(repo.dir, WORKTREE, 'value.txt'));
      },
    ],
    [
      'that git had locked, without its folder',
      (repo) => {
        writeFileSync(join(gitDir(repo), 'locked'), 'initializing');
        rmSync(join(repo.dir, WORKTREE), { recursive: true });
      },
    ],
  ])('%s is put right', async (_name, spoil) => {
    const { repo, tip } = await makeBegun();
    addWorktree(repo, tip);
    spoil(repo);
    expect(second(await go(repo))).toMatchObject({ verdict: 'keep', changes: [{ path: 'value.txt', kind: 'modified' }] });
    expect(repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
    expect(existsSync(join(repo.dir, WORKTREE))).toBe(false);
  });

  it('is not that of another project, in a copy of the folder', async () => {
    const { repo, tip } = await makeBegun();
    addWorktree(repo, tip).write('value.txt', 'edited in the original\n');
    const before = snapshot(repo.dir, { running: true });
    const copy = openTestRepo(join(makeFolder(), 'copy'));
    cpSync(repo.dir, copy.dir, { recursive: true });
    expect(second(await go(copy))?.verdict).toBe('keep');
    expect(openTestRepo(join(repo.dir, WORKTREE)).git('rev-parse', 'HEAD').trim()).toBe(tip);
    expect(repo.read(`${WORKTREE}/value.txt`)).toBe('edited in the original\n');
    expect(snapshot(repo.dir, { running: true })).toEqual(before);
  });
});

describe('a clone with the refs of a run', () => {
  it('is enough for every reading command, and to go on', async () => {
    const { repo } = await makeBegun();
    const clone = openTestRepo(join(makeFolder(), 'clone'));
    repo.git('clone', '-q', repo.dir, clone.dir);
    clone.git('fetch', '-q', 'origin', 'refs/autoresearch/*:refs/autoresearch/*');
    const read = (...args: string[]) => runCli(args, { cwd: clone.dir });
    const [log, show, verify, status] = await Promise.all([
      read('log', '--json'),
      read('show', '1'),
      read('verify'),
      read('status', '--json'),
    ]);
    const records = JSON.parse(log.stdout) as SettledExperiment[];
    expect(verdicts(records)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expect(show.stdout).toContain('+0.5');
    expect([verify.code, verify.stdout]).toEqual([0, expect.stringContaining('2 experiments')]);
    expect(JSON.parse(status.stdout)).toMatchObject({ run: 'night' });
    const report = await read('report', '--out', 'report.html');
    expect(report.code).toBe(0);
    expect(clone.read('report.html')).toContain('0.5');
    const more = await read('resume', 'night', '--experiments', '2');
    expect([more.code, more.stderr]).toEqual([0, expect.stringMatching(/^sandbox: .+\n$/)]);
    expect(clone.git('log', '--format=%s', '-1', 'autoresearch/night').trim()).toBe('asked anew');
    expect(await problemsOf(clone.dir)).toEqual([]);
    expect(clone.git('status', '--porcelain')).toBe('?? report.html\n');
  });
});
