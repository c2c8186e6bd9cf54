/**
 * Real states of a machine: tiny and read-only file systems, limits of a user, folders of other users. None of them may be
 * reported as a bug of autoresearch.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { errorOfGit, errorOfMachine } from '../../src/machine-errors.ts';
import { experimentsOf, makeProject, problemsOf, set, stepsAgent, verdicts } from '../helpers/project.ts';
import { findOrdinaryUser, runCliAs } from '../helpers/ordinary-user.ts';
import { makeFolder } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';

// Whole runs, several in some tests, however busy the machine is.
vi.setConfig({ testTimeout: 900_000 });

const user = findOrdinaryUser();
const mounts = canMount();

/** A file system of its own, of so many MiB. */
function tinyDisk(mb: number): string {
  const dir = makeFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mb}m`, 'tmpfs', dir]);
  onTestFinished(() => void execFileSync('umount', ['-l', dir]));
  return dir;
}

function canMount(): boolean {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return false;
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** No stack, no call for a report, no advice to install git, and a code with a hint. */
function expectKnown(stderr: string, code: string): void {
  expect(stderr).toContain(code);
  expect(stderr).not.toMatch(/bug in autoresearch|GIT_NOT_FOUND|install git,|^\s+at /m);
}

describe.skipIf(!mounts)('a disk', () => {
  it('that is full stops the run, and with room the same candidate is measured', async () => {
    const disk = tinyDisk(3);
    const fill = `test -e "$PWD"/../../../../../room || head -c 9000000 /dev/zero > "$PWD"/../../../../../fill; echo "loss: $(cat value.txt)"`;
    const repo = makeProject(
      { agent: stepsAgent([set(0.5)]), trainer: { use: 'command', with: { run: ['sh', '-c', fill] }, timeout: '20s' }, sandbox: 'off' },
      {},
      join(disk, 'project'),
    );
    const { code, stderr } = await runCli(['run', '--name', 'night'], { cwd: repo.dir });
    expect(code).toBe(1);
    expectKnown(stderr, 'DISK_FULL');
    execFileSync('rm', [join(disk, 'fill')]);
    writeFileSync(join(disk, 'room'), '');
    expect((await runCli(['resume', 'night'], { cwd: repo.dir })).code).toBe(0);
    expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('that is read-only is named', async () => {
    const disk = tinyDisk(20);
    const repo = makeProject({ agent: stepsAgent([set(0.5)]) }, {}, join(disk, 'project'));
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    for (const args of [['run'], ['import', 'results.tsv']]) {
      const { code, stderr } = await runCli(args, { cwd: repo.dir });
      if (args[0] === 'run') expectKnown(stderr, 'DISK_READ_ONLY');
      expect([code === 0, stderr]).toEqual([false, expect.not.stringContaining('bug in autoresearch')]);
    }
  });
});

describe.skipIf(typeof user === 'string')(`an ordinary user (${typeof user === 'string' ? user : 'is there'})`, () => {
  it.skipIf(process.getuid?.() !== 0)('in a repository of somebody else is told whose folder it is, not that there is none', async () => {
    if (typeof user === 'string') return;
    const repo = makeProject();
    chmodSync(repo.dir, 0o755);
    const { code, stderr } = await runCliAs(user, ['run'], { cwd: repo.dir });
    expect(code).toBe(3);
    expectKnown(stderr, 'GIT_FOREIGN_OWNER');
    expect(stderr).toContain(`git config --global --add safe.directory ${repo.dir}`);
  });

  it('who may not write there is told so', async () => {
    if (typeof user === 'string') return;
    const dir = makeFolder();
    const repo = makeProject({}, {}, join(dir, 'project'));
    user.own(dir);
    const folders = ['', ...readdirSync(join(repo.dir, '.git/objects'))].map((name) => join(repo.dir, '.git/objects', name));
    for (const folder of folders) chmodSync(folder, 0o555);
    const { code, stderr } = await runCliAs(user, ['run', '--name', 'night'], { cwd: repo.dir });
    expect(code).toBe(1);
    expectKnown(stderr, 'NO_PERMISSION');
    for (const folder of folders) chmodSync(folder, 0o755);
  });

  it.skipIf(process.getuid?.() !== 0)('who has no process left is told so, and no candidate is blamed for it', async () => {
    // The limit counts all processes of a user: one of its own, since other tests run beside this one.
    const limited = findOrdinaryUser('autoresearch-limits');
    if (typeof limited === 'string') return;
    const dir = makeFolder();
    // The trainer starts no process itself, because each trainer reacts to a refusal in its own way.
    const trainer = { use: 'command', with: { run: ['sed', 's/^/loss: /', 'value.txt'] }, timeout: '20s' };
    const repo = makeProject({ agent: stepsAgent([set(0.5)]), trainer, sandbox: 'off' }, {}, join(dir, 'project'));
    limited.own(dir);
    const ends: (number | null)[] = [];
    // From too few for Node itself to enough for a whole run, wherever that is on this machine.
    for (let nproc = 9; ends.at(-1) !== 0 && nproc < 60; nproc++) {
      const under = ['prlimit', `--nproc=${nproc}`];
      const { code, stderr } = await runCliAs(limited, ['run', '--name', `night${nproc}`], { cwd: repo.dir, under });
      if (code === null || code > 128 || /uv_thread_create|pthread_create|Assertion|Fatal/i.test(stderr)) continue;
      ends.push(code);
      if (code !== 0) expectKnown(stderr, 'TOO_MANY_PROCESSES');
    }
    expect(ends.at(-1)).toBe(0);
    limited.giveBack(dir);
    expect(repo.git('log', '--format=%s', '--glob=refs/autoresearch/*')).not.toMatch(/#\d+ crash/);
  });

  it('whose repository needs git-lfs, which is not there, is told to install that', async () => {
    if (typeof user === 'string') return;
    const dir = makeFolder();
    const repo = makeProject({}, { 'model.bin': 'version https://git-lfs.github.com/spec/v1\n' }, join(dir, 'project'));
    repo.git('config', 'filter.lfs.process', 'git-lfs filter-process');
    repo.git('config', 'filter.lfs.smudge', 'git-lfs smudge -- %f');
    repo.git('config', 'filter.lfs.clean', 'cat');
    repo.git('config', 'filter.lfs.required', 'true');
    mkdirSync(join(repo.dir, '.git/info'), { recursive: true });
    writeFileSync(join(repo.dir, '.git/info/attributes'), '*.bin filter=lfs\n');
    user.own(dir);
    const { code, stderr } = await runCliAs(user, ['run', '--name', 'night'], { cwd: repo.dir });
    expectKnown(stderr, 'GIT_LFS_MISSING');
    expect(code).toBe(3);
  });
});

it('a lock of git that is in the way is named, with its file', async () => {
  const repo = makeProject({ agent: stepsAgent([set(0.5)]) });
  mkdirSync(join(repo.dir, '.git/refs/autoresearch/night'), { recursive: true });
  writeFileSync(join(repo.dir, '.git/refs/autoresearch/night/ledger.lock'), '');
  const { code, stderr } = await runCli(['run', '--name', 'night'], { cwd: repo.dir });
  expect(code).toBe(1);
  expectKnown(stderr, 'GIT_LOCKED');
  expect(stderr).toContain('autoresearch doctor');
  expect(stderr).toContain('ledger.lock');
});

it('what is no state of the machine stays what it was', () => {
  expect(errorOfMachine(new Error('x'))).toBeNull();
  expect(errorOfGit('git log', '/', 'fatal: ambiguous argument')).toBeNull();
  const found = catchOf(() => statSync('/none/such'));
  expect(errorOfMachine(found)).toBeNull();
  expect(errorOfGit('git log', '/top', 'error: x\nfatal: cannot write: No space left on device')).toMatchObject({
    code: 'DISK_FULL',
    message: expect.stringContaining('git log in /top: fatal: cannot write'),
  });
});

function catchOf(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
