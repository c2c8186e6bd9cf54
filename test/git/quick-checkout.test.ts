/** What the engine finds, restores and commits by itself is what git would have. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { openRepository } from '../../src/git/repository.ts';
import { Worktree } from '../../src/git/worktree.ts';
import { gitEnv, makeFolder, makeRepo } from '../helpers/repo.ts';

vi.setConfig({ testTimeout: 900_000 });

const FILES = { 'a.txt': 'a\n', 'b b.txt': 'b\n', 'dir/c.txt': 'c\n', 'dir/deep/d.txt': 'd\n', 'dir.txt': 'x\n', '.gitignore': '*.tmp\n' };
const NAMES = Object.keys(FILES);

type Step = (dir: string, name: string) => void;
const at = (dir: string, name: string) => join(dir, name);
const git = (dir: string, ...args: string[]) =>
  execFileSync('git', args, { cwd: dir, env: gitEnv(), stdio: ['ignore', 'pipe', 'pipe'] }).toString();

/** What an agent or a trial may do; most steps only edit. */
const STEPS: Readonly<Record<string, Step>> = {
  edit: (dir, name) => writeFileSync(at(dir, name), `${Math.random()}\n`),
  'edit to the same length': (dir, name) => writeFileSync(at(dir, name), 'Z\n'),
  'write the same again': (dir, name) => writeFileSync(at(dir, name), readFileSync(at(dir, name))),
  'edit and set the time back': (dir, name) => {
    writeFileSync(at(dir, name), 'Y\n');
    utimesSync(at(dir, name), 1, 1);
  },
  replace: (dir, name) => {
    writeFileSync(at(dir, 'new.tmp'), 'W\n');
    renameSync(at(dir, 'new.tmp'), at(dir, name));
  },
  empty: (dir, name) => writeFileSync(at(dir, name), ''),
  'line ends': (dir, name) => writeFileSync(at(dir, name), 'one\r\ntwo\r\n'),
  remove: (dir, name) => rmSync(at(dir, name)),
  'make executable': (dir, name) => chmodSync(at(dir, name), 0o755),
  // The git that it is compared with must be able to read it.
  ...(process.getuid?.() === 0 && { 'make unreadable': (dir: string, name: string) => chmodSync(at(dir, name), 0o000) }),
  'make a link': (dir, name) => {
    rmSync(at(dir, name));
    symlinkSync('elsewhere', at(dir, name));
  },
  'make a folder': (dir, name) => {
    rmSync(at(dir, name));
    mkdirSync(at(dir, name));
    writeFileSync(at(dir, `${name}/inside`), '');
  },
  'add a file': (dir) => writeFileSync(at(dir, 'dir/new.txt'), 'new\n'),
  'add an ignored file': (dir) => writeFileSync(at(dir, 'dir/new.tmp'), 'new\n'),
  'add folders': (dir) => {
    mkdirSync(at(dir, 'one/two'), { recursive: true });
    writeFileSync(at(dir, 'one/two/é ü.txt'), 'new\n');
  },
  'add what is not UTF-8': (dir) => writeFileSync(Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0xe9, 0x2e])]), ''),
  'git add': (dir) => void git(dir, 'add', '-A'),
  'git commit': (dir) => void git(dir, 'commit', '-qam', 'x', '--allow-empty'),
  'git checkout': (dir) => void git(dir, 'checkout', '-q', '-f', '-B', 'theirs'),
  'hide an edit': (dir, name) => {
    git(dir, 'update-index', '--assume-unchanged', name);
    writeFileSync(at(dir, name), 'hidden\n');
  },
  'git attributes': (dir) => writeFileSync(at(dir, '.gitattributes'), '*.txt text\n'),
};

const edits = ['edit', 'edit to the same length', 'write the same again', 'edit and set the time back', 'replace'];
const step = fc.record({
  what: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...edits) }, { weight: 2, arbitrary: fc.constantFrom(...Object.keys(STEPS)) }),
  name: fc.constantFrom(...NAMES),
});

/** Some steps cannot be taken after others. */
function play(dir: string, steps: readonly { what: string; name: string }[]): void {
  for (const { what, name } of steps) {
    try {
      STEPS[what]?.(dir, name);
    } catch {
      // The file is gone, or a folder.
    }
  }
}

/** The tree of what lies in a folder, as a git that knows nothing of it would commit it. */
function treeOf(dir: string, commit: string): string {
  const env = { ...gitEnv(), GIT_INDEX_FILE: join(makeFolder(), 'index') };
  const ask = (...args: string[]) => execFileSync('git', args, { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  ask('read-tree', commit);
  ask('add', '-A', '.');
  return ask('write-tree').trim();
}

async function makeWorld(files: Readonly<Record<string, string>> = FILES) {
  const repo = makeRepo(files);
  const base = repo.git('rev-parse', 'HEAD').trim();
  const options = { links: [], auditLinks: [], outputs: [], isMounted: false };
  const repository = await openRepository(repo.dir);
  const open = async () => {
    const worktree = await Worktree.open(repository, join(makeFolder(), 'tree'), base, options);
    await worktree.restore(base);
    return worktree;
  };
  return { repo, base, worktree: await open(), open };
}

it('whatever was done, the changes, the commit and the restored files are those of git', async () => {
  const { repo, base, worktree, open } = await makeWorld();
  const { dir } = worktree;
  // A slot beside it, which measures what was committed here.
  const other = await open();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { maxLength: 4 }), { minLength: 1, maxLength: 3 }),
      fc.array(step, { maxLength: 3 }),
      async (rounds, after) => {
        await worktree.restore(base);
        let parent = base;
        for (const steps of rounds) {
          play(dir, steps);
          const changes = await worktree.changes(parent);
          const tree = treeOf(dir, parent);
          const isChanged = tree !== repo.git('rev-parse', `${parent}^{tree}`).trim();
          expect(changes.length > 0).toBe(isChanged);
          if (!isChanged) continue;
          const made = await worktree.commit(changes, 'a message\n\nwith lines\n');
          expect(made).not.toBeNull();
          parent = made ?? '';
          expect(repo.git('rev-parse', `${parent}^{tree}`).trim()).toBe(tree);
          expect(repo.git('log', '-1', '--format=%P %an %cn %B', parent)).toContain('autoresearch autoresearch a message\n\nwith lines');
          // Programs that ask git find the candidate checked out, and nothing changed.
          expect(git(dir, 'rev-parse', 'HEAD').trim()).toBe(parent);
          expect(git(dir, 'status', '--porcelain')).toBe('');
          play(dir, after);
          const touched = await worktree.touched(parent);
          const told = git(dir, '-c', 'core.quotePath=false', 'diff', '--no-renames', '--name-only', parent).split('\n').filter(Boolean);
          // Git shows programs less than there is where an edit was hidden from it.
          expect(told.filter((path) => !touched.includes(path))).toEqual([]);
          await worktree.restore(parent);
          expect(git(dir, 'status', '--porcelain', '--ignored')).toBe('');
          play(other.dir, after);
          await other.restore(parent);
          expect(git(other.dir, 'rev-parse', 'HEAD').trim()).toBe(parent);
          expect(git(other.dir, 'status', '--porcelain', '--ignored', '-uall')).toBe('');
          expect(treeOf(other.dir, base)).toBe(tree);
          expect(await other.changes(parent)).toEqual([]);
        }
        play(dir, after);
        await worktree.restore(base);
        expect(git(dir, 'rev-parse', 'HEAD').trim()).toBe(base);
        expect(git(dir, 'status', '--porcelain', '--ignored', '-uall')).toBe('');
        for (const [name, text] of Object.entries(FILES)) expect(readFileSync(join(dir, name), 'utf8')).toBe(text);
      },
    ),
    { numRuns: 25 },
  );
  expect(repo.git('fsck', '--strict', '--no-dangling')).toBe('');
  for (const each of [worktree, other]) await each.remove();
});

it('a commit made in another worktree is checked out, whatever it changes', async () => {
  const { repo, base, worktree, open } = await makeWorld({ ...FILES, '.gitattributes': '*.dat text eol=crlf\n', 'x.dat': 'x\n' });
  const other = await open();
  const changes: Readonly<Record<string, (dir: string) => void>> = {
    content: (dir) => writeFileSync(join(dir, 'dir/deep/d.txt'), 'other\n'),
    'a new file': (dir) => writeFileSync(join(dir, 'dir/e.txt'), 'e\n'),
    'a file that is gone': (dir) => rmSync(join(dir, 'dir/c.txt')),
    'a file in place of another': (dir) => renameSync(join(dir, 'a.txt'), join(dir, 'z.txt')),
    'a mode': (dir) => chmodSync(join(dir, 'a.txt'), 0o755),
    attributes: (dir) => writeFileSync(join(dir, '.gitattributes'), '*.dat text eol=crlf\n*.bin -text\n'),
    'a file with attributes': (dir) => writeFileSync(join(dir, 'x.dat'), 'y\r\n'),
    'an empty file': (dir) => writeFileSync(join(dir, 'a.txt'), ''),
  };
  for (const [what, change] of Object.entries(changes)) {
    await worktree.restore(base);
    change(worktree.dir);
    const made = await worktree.commit(await worktree.changes(base), what);
    await other.restore(made ?? '');
    expect(git(other.dir, 'rev-parse', 'HEAD').trim(), what).toBe(made);
    expect(git(other.dir, 'status', '--porcelain', '--ignored', '-uall'), what).toBe('');
    expect(treeOf(other.dir, base), what).toBe(repo.git('rev-parse', `${made}^{tree}`).trim());
    await other.restore(base);
    expect(treeOf(other.dir, base), what).toBe(repo.git('rev-parse', `${base}^{tree}`).trim());
  }
  for (const each of [worktree, other]) await each.remove();
});

it('files that git keeps in another form are left to git', async () => {
  const { repo, base, worktree } = await makeWorld({ ...FILES, '.gitattributes': 'a.txt text eol=crlf\ndir/c.txt filter=upper\n' });
  repo.git('config', 'filter.upper.clean', 'tr a-z A-Z');
  repo.git('config', 'filter.upper.smudge', 'tr A-Z a-z');
  await worktree.restore(base);
  writeFileSync(join(worktree.dir, 'a.txt'), 'one\r\ntwo\r\n');
  writeFileSync(join(worktree.dir, 'dir/c.txt'), 'edited\n');
  writeFileSync(join(worktree.dir, 'b b.txt'), 'plain\r\n');
  const made = await worktree.commit(await worktree.changes(base), 'x');
  expect(repo.git('show', `${made}:a.txt`)).toBe('one\ntwo\n');
  expect(repo.git('show', `${made}:dir/c.txt`)).toBe('EDITED\n');
  expect(repo.git('show', `${made}:b b.txt`)).toBe('plain\r\n');
  await worktree.restore(base);
  expect(readFileSync(join(worktree.dir, 'a.txt'), 'utf8')).toBe('a\r\n');
  await worktree.remove();
});
