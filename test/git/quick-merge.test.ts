/** What the engine merges by itself is what git would make of it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { mergeLines } from '../../src/git/merge-lines.ts';
import { mergeChange } from '../../src/git/pick.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Worktree } from '../../src/git/worktree.ts';
import { gitEnv, makeFolder, makeRepo } from '../helpers/repo.ts';

vi.setConfig({ testTimeout: 900_000 });

interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly added: readonly string[];
}

const line = fc.constantFrom('a', 'b', 'c', 'd', 'e', '');
const lines = fc.array(line, { minLength: 1, maxLength: 9 });
const edit = fc.record({
  at: fc.nat(9),
  removed: fc.nat(2),
  added: fc.array(fc.oneof(line, fc.constantFrom('x', 'y', 'z')), { maxLength: 2 }),
});
const edited = (base: readonly string[], { at, removed, added }: Edit) => base.toSpliced(Math.min(at, base.length), removed, ...added);
const textOf = (all: readonly string[], hasEnd = true) => Buffer.from(all.join('\n') + (hasEnd && all.length > 0 ? '\n' : ''));

/** The merged file as `git merge-file` gives it, or `conflict`. */
function byGit(dir: string, sides: Readonly<Record<'base' | 'ours' | 'theirs', Buffer>>): string {
  for (const [name, content] of Object.entries(sides)) writeFileSync(join(dir, name), content);
  const { status, stdout } = spawnSync('git', ['merge-file', '-p', 'ours', 'base', 'theirs'], {
    cwd: dir,
    env: gitEnv(),
    encoding: 'latin1',
  });
  return status === 0 ? stdout : 'conflict';
}

describe('two changes of one file', () => {
  it('are merged as git merges them, or left to git', () => {
    const dir = makeFolder();
    let merged = 0;
    fc.assert(
      fc.property(lines, edit, edit, fc.boolean(), (base, one, two, hasEnd) => {
        const sides = { base: textOf(base, hasEnd), ours: textOf(edited(base, one), hasEnd), theirs: textOf(edited(base, two), hasEnd) };
        const result = mergeLines(sides);
        if (result === null) return;
        merged++;
        expect(result === 'conflict' ? result : result.toString('latin1')).toBe(byGit(dir, sides));
      }),
      { numRuns: 600, seed: 20261127 },
    );
    expect(merged).toBeGreaterThan(10);
  });

  const BASE = '1\n2\n3\n4\n5\n';
  it.each([
    ['far from each other', 'x\n2\n3\n4\n5\n', '1\n2\n3\n4\ny\n', 'x\n2\n3\n4\ny\n'],
    ['an added line and a removed one', '1\n2\nx\n3\n4\n5\n', '1\n2\n3\n4\n', '1\n2\nx\n3\n4\n'],
    ['bytes that are no text', '\xff\xfe\n2\n3\n4\n5\n', '1\n2\n3\n4\n\x80\r\n', '\xff\xfe\n2\n3\n4\n\x80\r\n'],
    ['of the same line', '1\n2\nx\n4\n5\n', '1\n2\ny\n4\n5\n', 'conflict'],
    ['of lines next to each other', '1\nx\n3\n4\n5\n', '1\n2\ny\n4\n5\n', null],
    ['of the same lines', '1\nx\nx\n4\n5\n', '1\n2\ny\n4\n5\n', null],
    ['one of them binary', '1\0\n2\n3\n4\n5\n', '1\n2\n3\n4\ny\n', null],
  ])('%s', (_, ours, theirs, expected) => {
    const [base, here, there] = [BASE, ours, theirs].map((text) => Buffer.from(text, 'latin1')) as [Buffer, Buffer, Buffer];
    const result = mergeLines({ base, ours: here, theirs: there });
    expect(Buffer.isBuffer(result) ? result.toString('latin1') : result).toBe(expected);
  });
});

const FILES = { 'a.txt': '1\n2\n3\n4\n5\n', 'dir/b.txt': 'b\n', 'c.dat': '1\n2\n3\n4\n5\n', '.gitattributes': '*.dat -merge\n' };

describe('a change that was made on an older commit', () => {
  type Change = (dir: string) => void;
  const write =
    (path: string, text: string): Change =>
    (dir) =>
      writeFileSync(join(dir, path), text);

  async function makeWorld() {
    const repo = makeRepo(FILES);
    const base = repo.git('rev-parse', 'HEAD').trim();
    const options = { links: [], auditLinks: [], outputs: [], isMounted: false };
    const repository = await openRepository(repo.dir);
    const worktree = await Worktree.open(repository, join(makeFolder(), 'tree'), base, options);
    await worktree.restore(base);
    const commit = async (change: Change): Promise<string> => {
      await worktree.restore(base);
      change(worktree.dir);
      return (await worktree.commit(await worktree.changes(base), 'x')) ?? '';
    };
    /** What lies in the worktree after a merge. */
    const tree = (): string => {
      const env = { ...gitEnv(), GIT_INDEX_FILE: join(makeFolder(), 'index') };
      const ask = (...args: string[]) =>
        execFileSync('git', args, { cwd: worktree.dir, env, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
      ask('add', '-A', '.');
      return ask('write-tree').trim();
    };
    return { base, worktree, commit, tree };
  }

  const chmod: Change = (dir) => chmodSync(join(dir, 'a.txt'), 0o755);
  it.each<[string, Change, Change, readonly string[] | null]>([
    ['another file', write('a.txt', 'x\n2\n3\n4\n5\n'), write('dir/b.txt', 'y\n'), []],
    ['other lines of the same file', write('a.txt', 'x\n2\n3\n4\n5\n'), write('a.txt', '1\n2\n3\n4\ny\n'), []],
    ['the same', write('a.txt', 'x\n'), write('a.txt', 'x\n'), []],
    ['the same line', write('a.txt', '1\n2\nx\n4\n5\n'), write('a.txt', '1\n2\ny\n4\n5\n'), ['a.txt']],
    ['lines beside each other', write('a.txt', '1\nx\n3\n4\n5\n'), write('a.txt', '1\n2\ny\n4\n5\n'), null],
    ['a file that is not merged line by line', write('c.dat', 'x\n2\n3\n4\n5\n'), write('c.dat', '1\n2\n3\n4\ny\n'), null],
    ['a new file', write('a.txt', 'x\n'), write('new.txt', 'y\n'), null],
    ['attributes', write('a.txt', 'x\n'), write('.gitattributes', '*.txt -merge\n'), null],
    ['a mode', write('dir/b.txt', 'y\n'), chmod, null],
  ])('%s: without git as with it', async (_, ours, theirs, expected) => {
    const { base, worktree, commit, tree } = await makeWorld();
    const [tip, candidate] = [await commit(ours), await commit(theirs)];
    const change = { candidate, parent: base };
    await worktree.restore(tip);
    expect(await worktree.mergeQuickly(change)).toEqual(expected);
    if (expected?.length === 0) {
      const made = tree();
      const changes = await worktree.changes(tip);
      await worktree.restore(tip);
      expect(await mergeChange(worktree, change)).toBeNull();
      expect(tree()).toBe(made);
      expect(await worktree.changes(tip)).toEqual(changes);
    } else {
      // Nothing was written.
      expect(await worktree.changes(tip)).toEqual([]);
      if (expected !== null) expect(await mergeChange(worktree, change)).toEqual(expected);
    }
    await worktree.remove();
  });
});
