/** What a kill leaves, made by real kills, is found by `doctor`, and cleared only with consent. */
import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { WriteAhead } from '../../src/ledger/wal.ts';
import { MARKER } from '../../src/process/exec.ts';
import { leftovers, processesAt, until as untilWithin } from '../helpers/processes.ts';
import { experimentsOf, makeProject, problemsOf, RUN, set, stepsAgent, verdicts } from '../helpers/project.ts';
import { findOrdinaryUser, runCliAs } from '../helpers/ordinary-user.ts';
import { makeFolder, makeRepo, snapshot, type TestRepo } from '../helpers/repo.ts';
import { runCli, startCli } from '../helpers/run-cli.ts';
import { logOf, ROWS } from '../import/results.ts';

interface Told {
  readonly kind: string;
  readonly text: string;
  readonly canBeCleared: boolean;
  readonly isCleared: boolean;
}

async function doctor(repo: TestRepo, ...args: string[]): Promise<{ code: number | null; told: Told[] }> {
  const { code, stdout, stderr } = await runCli(['doctor', '--json', ...args], { cwd: repo.dir });
  expect(stderr).toBe('');
  return { code, told: JSON.parse(stdout) as Told[] };
}

/** However busy the machine is. */
const until = <T>(what: string, look: () => T | undefined | null | false) => untilWithin(what, look, 240_000);
vi.setConfig({ testTimeout: 900_000 });

const kinds = (told: readonly Told[]) => told.map(({ kind }) => kind).toSorted();

/** A run that was killed in the trial of its first change, and whose trial works on. */
async function makeKilled(): Promise<{ repo: TestRepo; gate: string }> {
  const gate = join(makeFolder(), 'go');
  const script = `if [ "$(cat value.txt)" != 1 ] && [ ! -e "${gate}" ]; then echo begun; sleep 300; fi; echo "loss: $(cat value.txt)"`;
  const repo = makeProject({
    agent: stepsAgent([set(0.5)]),
    trainer: { use: 'command', with: { run: ['sh', '-c', script] }, timeout: '400s' },
    sandbox: 'off',
  });
  const cli = startCli(['run', '--name', RUN], { cwd: repo.dir });
  const log = join(repo.dir, '.autoresearch', RUN, 'trial-default.log');
  await until('the trial', () => existsSync(log) && readFileSync(log, 'utf8').includes('begun'));
  cli.child.kill('SIGKILL');
  await cli.ended;
  return { repo, gate };
}

/** A process of a trial that nothing has ended, as on a machine where nothing adopts orphans. */
function leaveProcess(repo: TestRepo): number {
  const cwd = join(repo.dir, '.autoresearch', RUN, 'worktrees/default');
  const child = spawn('sleep', ['300'], { cwd, env: { ...process.env, [MARKER]: 'lost/1' }, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid ?? 0;
}

it('where all is well it says so, and a run at work is let be', async () => {
  const repo = makeProject({ agent: stepsAgent([{ bash: 'echo 0.5 > value.txt', sleepMs: 600_000 }]) });
  expect(await doctor(repo)).toEqual({ code: 0, told: [] });
  const cli = startCli(['run', '--name', RUN], { cwd: repo.dir });
  await until(
    'the proposal',
    () =>
      existsSync(join(repo.dir, '.autoresearch', RUN, 'worktrees/default/value.txt')) &&
      repo.git('log', '--format=%s', '--glob=refs/autoresearch/*').includes('#0'),
  );
  expect(await doctor(repo, '--fix')).toEqual({ code: 0, told: [] });
  cli.child.kill('SIGINT');
  expect((await cli.ended).code).toBe(130);
  expect((await runCli(['doctor'], { cwd: repo.dir })).stdout).toBe('nothing is left of dead processes here\n');
});

it('a killed run: lock, process and worktree are told, cleared with --fix, and the run goes on with its candidate', async () => {
  const { repo, gate } = await makeKilled();
  const stray = leaveProcess(repo);
  const before = snapshot(repo.dir, { running: true });
  const lock = join(repo.dir, '.git/refs/autoresearch', RUN, 'ledger.lock');
  mkdirSync(dirname(lock), { recursive: true });
  writeFileSync(lock, '');
  const looked = await doctor(repo);
  expect(looked.code).toBe(1);
  expect([...new Set(kinds(looked.told))]).toEqual(['git-lock', 'process', 'run-lock', 'worktree']);
  expect(looked.told.every(({ canBeCleared, isCleared }) => canBeCleared && !isCleared)).toBe(true);
  expect(existsSync(lock)).toBe(true);
  const resumed = await runCli(['resume', RUN], { cwd: repo.dir });
  expect(resumed.stderr).toContain('GIT_LOCKED');

  const killed = await makeKilled();
  leaveProcess(killed.repo);
  const fixed = await doctor(killed.repo, '--fix');
  expect(fixed.code).toBe(0);
  expect(await leftovers(killed.repo.dir)).toEqual([]);
  expect(killed.repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
  // Neither the worktree nor a gc may cost the candidate.
  killed.repo.git('reflog', 'expire', '--expire=now', '--all');
  killed.repo.git('gc', '-q', '--prune=now');
  writeFileSync(killed.gate, '');
  expect((await runCli(['resume', RUN], { cwd: killed.repo.dir })).code).toBe(0);
  expect(verdicts(await experimentsOf(killed.repo.dir))).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);

  expect((await doctor(repo, '--fix')).code).toBe(0);
  expect(processesAt(repo.dir)).not.toContain(stray);
  expect(existsSync(lock)).toBe(false);
  writeFileSync(gate, '');
  expect((await runCli(['resume', RUN], { cwd: repo.dir })).code).toBe(0);
  expect(await problemsOf(repo.dir)).toEqual([]);
  expect(snapshot(repo.dir, { running: true })).toEqual(before);
});

it("a lock is left where a git is at work; the person's own is never touched", async () => {
  const repo = makeProject();
  const ours = join(repo.dir, '.git/refs/heads/autoresearch/night.lock');
  mkdirSync(dirname(ours), { recursive: true });
  writeFileSync(ours, '');
  writeFileSync(join(repo.dir, '.git/index.lock'), '');
  writeFileSync(join(repo.dir, '.git/packed-refs.lock'), '');
  const git = spawn('git', ['cat-file', '--batch'], { cwd: repo.dir, stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(() => void git.kill('SIGKILL'));
  await until('git', () => processesAt(repo.dir).includes(git.pid ?? 0));
  const busy = await doctor(repo, '--fix');
  expect(busy.told.map(({ canBeCleared }) => canBeCleared)).toEqual([false, false, false]);
  expect(busy.told[0]?.text).toContain(`process ${git.pid} uses this repository`);
  git.kill('SIGKILL');
  await until('its end', () => !processesAt(repo.dir).includes(git.pid ?? 0));
  const old = new Date(Date.now() - 120_000);
  utimesSync(join(repo.dir, '.git/packed-refs.lock'), old, old);
  const { code, told } = await doctor(repo, '--fix');
  expect([code, told.filter(({ isCleared }) => isCleared).length]).toEqual([1, 2]);
  expect(
    [ours, '.git/packed-refs.lock', '.git/index.lock'].map((file) => existsSync(join(file.startsWith('/') ? '' : repo.dir, file))),
  ).toEqual([false, false, true]);
});

const user = findOrdinaryUser();

it.skipIf(typeof user === 'string' || process.getuid?.() !== 0)(
  "another user's git that cannot be looked into matters only for locks that this user does not own",
  async () => {
    if (typeof user === 'string') return;
    const dir = makeFolder();
    const repo = makeProject({}, {}, join(dir, 'project'));
    const locks = ['mine', 'theirs'].map((name) => join(repo.dir, '.git/refs/heads/autoresearch', `${name}.lock`));
    mkdirSync(dirname(locks[0] ?? ''), { recursive: true });
    for (const lock of locks) writeFileSync(lock, '');
    const git = spawn('git', ['cat-file', '--batch'], { cwd: makeRepo({ a: 'a' }).dir, stdio: ['pipe', 'ignore', 'ignore'] });
    onTestFinished(() => void git.kill('SIGKILL'));
    user.own(dir);
    chownSync(locks[1] ?? '', 0, 0);
    const { stdout } = await runCliAs(user, ['doctor', '--fix', '--json'], { cwd: repo.dir });
    user.giveBack(dir);
    expect((JSON.parse(stdout) as Told[]).map(({ isCleared }) => isCleared)).toEqual([true, false]);
    expect(locks.map((lock) => existsSync(lock))).toEqual([false, true]);
  },
);

it('a worktree with a proposal that has no commit yet is no rubbish', async () => {
  const { repo } = await makeKilled();
  const wal = new WriteAhead(join(repo.dir, '.autoresearch', RUN));
  const proposal = { title: 'x', hypothesis: '', rationale: '', risks: [], agent: 'a', source: 'schema' as const };
  wal.write(
    {
      v: 1,
      run: RUN,
      id: 2,
      kind: 'change',
      basis: { incumbent: 0, commit: '0' },
      state: 'proposed',
      startedAt: '',
      parent: '0',
      proposal,
    },
    'default',
  );
  wal.close();
  const found = kinds((await doctor(repo, '--fix')).told);
  expect([found.includes('run-lock'), found.includes('worktree')]).toEqual([true, false]);
  expect(existsSync(join(repo.dir, '.autoresearch', RUN, 'worktrees/default'))).toBe(true);
});

it('an import that was killed halfway is no run, says so, and is done again or removed', async () => {
  const rows = Array.from({ length: 8 }, () => ROWS).flat();
  const repo = makeRepo({ 'results.tsv': logOf(rows) });
  const cli = startCli(['import', 'results.tsv', '--name', 'mar5'], { cwd: repo.dir });
  await until('a part of it', () => repo.git('for-each-ref', 'refs/autoresearch/mar5/importing') !== '');
  cli.child.kill('SIGKILL');
  expect((await cli.ended).signal).toBe('SIGKILL');
  const status = await runCli(['status', 'mar5'], { cwd: repo.dir });
  expect([status.code, status.stderr]).toEqual([3, expect.stringContaining('the import of "mar5" was cut short')]);
  expect(kinds((await doctor(repo)).told)).toEqual(['import']);
  expect((await runCli(['import', 'results.tsv', '--name', 'mar5'], { cwd: repo.dir })).code).toBe(0);
  expect(await problemsOf(repo.dir, 'mar5')).toEqual([]);
  expect((await experimentsOf(repo.dir, 'mar5')).length).toBe(rows.length);
  expect(await doctor(repo)).toEqual({ code: 0, told: [] });
  // As an earlier version left it: a part of the entries, and no end.
  repo.git('update-ref', 'refs/autoresearch/old/ledger', 'refs/autoresearch/mar5/ledger~50');
  expect((await problemsOf(repo.dir, 'old')).join()).toContain('cut short');
  expect((await doctor(repo, '--fix')).told[0]?.text).toContain('the import of old was cut short after');
  expect(repo.git('for-each-ref', 'refs/autoresearch/old')).toBe('');
});
