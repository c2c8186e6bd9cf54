import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStatus } from '../../src/git/status.ts';
import { makeRepo, type TestRepo } from '../helpers/repo.ts';

const FILES = { 'a.txt': 'a\n', 'b b.txt': 'b\n', 'dir/c.txt': 'c\n', 'link.txt': 'x\n', '.gitignore': '*.tmp\nbuild/\n' };
/** As the engine reads git's output: byte by byte. */
const latin1 = (text: string) => Buffer.from(text).toString('latin1');

const status = (repo: TestRepo) =>
  parseStatus(latin1(repo.git('status', '--porcelain=v2', '-z', '--no-renames', '-uall', '--ignored=matching')));

describe('the status of git', () => {
  it.each<[string, (repo: TestRepo) => void, string[]]>([
    ['an edit', (repo) => repo.write('b b.txt', 'x'), ['modified b b.txt']],
    [
      'a staged edit, edited again',
      (repo) => {
        repo.write('a.txt', 'x');
        repo.git('add', '-A');
        repo.write('a.txt', 'y');
      },
      ['modified a.txt'],
    ],
    [
      'a staged new file',
      (repo) => {
        repo.write('n.txt', 'x');
        repo.git('add', '-A');
      },
      ['added n.txt'],
    ],
    ['a deletion', (repo) => rmSync(join(repo.dir, 'a.txt')), ['deleted a.txt']],
    ['a staged deletion', (repo) => repo.git('rm', '-q', 'a.txt'), ['deleted a.txt']],
    [
      'a rename',
      (repo) => {
        renameSync(join(repo.dir, 'a.txt'), join(repo.dir, 'z.txt'));
        repo.git('add', '-A');
      },
      ['deleted a.txt', 'added z.txt'],
    ],
    ['a mode', (repo) => chmodSync(join(repo.dir, 'a.txt'), 0o755), ['mode a.txt']],
    [
      'a link in the place of a file',
      (repo) => {
        rmSync(join(repo.dir, 'link.txt'));
        symlinkSync('a.txt', join(repo.dir, 'link.txt'));
      },
      ['symlink link.txt'],
    ],
    [
      'a folder in the place of a file',
      (repo) => {
        rmSync(join(repo.dir, 'a.txt'));
        mkdirSync(join(repo.dir, 'a.txt'));
        repo.write('a.txt/x', 'x');
      },
      ['deleted a.txt', '? a.txt/x'],
    ],
    [
      'a repository',
      (repo) => {
        mkdirSync(join(repo.dir, 'r'));
        repo.git('init', '-q', 'r');
      },
      ['? r/'],
    ],
    [
      'ignored files',
      (repo) => {
        repo.write('x.tmp', '');
        repo.write('build/x', '');
        repo.write('dir/y.tmp', '');
      },
      ['! build/', '! dir/y.tmp', '! x.tmp'],
    ],
    [
      'odd names',
      (repo) => {
        repo.write('ä "q"\n\tö.txt', 'x');
        repo.write(' lead.txt', 'x');
        repo.write('1 M. N... 100644', 'x');
      },
      ['?  lead.txt', '? 1 M. N... 100644', '? ä "q"\n\tö.txt'],
    ],
    ['nothing', () => {}, []],
  ])('tells %s', (_name, act, expected) => {
    const repo = makeRepo(FILES);
    act(repo);
    const { changes, untracked, ignored } = status(repo);
    const told = [
      ...changes.map(({ kind, path }) => `${kind} ${path}`),
      ...untracked.map((path) => `? ${path}`),
      ...ignored.map((path) => `! ${path}`),
    ];
    expect(told.sort()).toEqual(expected.sort());
  });

  it('is read whatever a path holds', () => {
    const path = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !/[\0\\]/.test(text) && text.isWellFormed());
    const hash = '0'.repeat(40);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('1', '?', '!', 'u'), path)), (entries) => {
        const prefix = {
          1: `1 .M N... 100644 100644 100644 ${hash} ${hash} `,
          u: `u UU N... 100644 100644 100644 100644 ${hash} ${hash} ${hash} `,
          '?': '? ',
          '!': '! ',
        };
        const { changes, untracked, ignored } = parseStatus(
          entries.map(([kind, name]) => `${prefix[kind as keyof typeof prefix]}${latin1(name)}\0`).join(''),
        );
        const of = (...kinds: string[]) => entries.filter(([kind]) => kinds.includes(kind)).map(([, name]) => name);
        expect([changes.map((change) => change.path), untracked, ignored]).toEqual([of('1', 'u'), of('?'), of('!')]);
      }),
    );
  });
});
