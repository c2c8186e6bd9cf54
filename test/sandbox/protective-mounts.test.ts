import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { protectiveMounts } from '../../src/sandbox/protective-mounts.ts';
import { createFolderRule } from '../../src/sandbox/folder-rule.ts';

function coverOf(paths: readonly string[], edit: readonly string[], written: readonly string[] = []) {
  const mayEdit = picomatch([...edit], { dot: true });
  const entries = paths.map((path) => ({ path, isFile: true }));
  return protectiveMounts(entries, { mayEdit, isOpen: createFolderRule(edit), isWrittenIn: (folder) => written.includes(folder) });
}

const shown = (paths: readonly string[], edit: readonly string[]) =>
  coverOf(paths, edit).map(({ access, path }) => `${access === 'writable' ? 'rw' : 'ro'} ${path}`);

describe('the mounts of a worktree', () => {
  it('are one for a folder in which nothing may be edited, and one for each protected file beside editable ones', () => {
    expect(shown(['train.py', 'eval.py', 'data/a', 'data/deep/b'], ['train.py'])).toEqual(['ro data', 'ro eval.py']);
  });

  it('keep a folder with both kinds from being renamed', () => {
    expect(shown(['src/model/a.py', 'src/model/eval.py', 'src/free/b.py'], ['src/model/a.py', 'src/free/**'])).toEqual([
      'rw src',
      'rw src/model',
      'ro src/model/eval.py',
    ]);
  });

  it('are few, however many files there are, and leave none of them out', () => {
    const many = Array.from({ length: 1000 }, (_, index) => `f${index}.py`);
    expect(shown([...many, 'a.txt', 'lib/x'], ['a.txt'])).toEqual(['ro ', 'rw a.txt']);
    expect(shown([...many.map((name) => `lib/${name}`), 'lib/a.txt', 'lib/in/b', 'c'], ['lib/a.txt', 'lib/in/*'])).toEqual([
      'rw lib',
      'ro lib',
      'rw lib/in',
      'ro c',
      'rw lib/a.txt',
    ]);
  });

  it('let an output be made beside any number of protected files', () => {
    const many = Array.from({ length: 300 }, (_, index) => `f${index}.py`);
    const protections = coverOf([...many, 'a.txt'], ['a.txt'], ['']);
    expect(protections).toHaveLength(300);
    expect(protections.every(({ access }) => access === 'read-only')).toBe(true);
  });
});

const step = fc.constantFrom('a', 'b', '.c', 'd.py');
const pathOf = fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => steps.join('/'));
const glob = fc.oneof(
  pathOf,
  fc
    .array(fc.oneof(step, fc.constantFrom('*', '**', '*.py', '{a,b}', 'a*')), { minLength: 1, maxLength: 3 })
    .map((steps) => steps.join('/')),
);

describe('a folder', () => {
  it('is open when a file in it may be edited, whatever the globs', () => {
    fc.assert(
      fc.property(fc.array(glob, { minLength: 1, maxLength: 3 }), pathOf, (edit, path) => {
        fc.pre(picomatch(edit, { dot: true })(path));
        const steps = path.split('/');
        const isOpen = createFolderRule(edit);
        for (let depth = 1; depth < steps.length; depth++) expect(isOpen(steps.slice(0, depth).join('/'))).toBe(true);
      }),
    );
  });

  it.each([
    ['src', ['train.py'], false],
    ['src', ['src/*.py'], true],
    ['src/deep', ['src/*.py'], false],
    ['src/deep', ['src/**'], true],
    ['other', ['src/**'], false],
    ['a', ['*/x.py'], true],
    ['src/a', ['src/{a,b}/x.py'], true],
    ['other', ['src/{a,b/c}.py'], false],
  ] as const)('%s for %j is open: %s', (folder, edit, isOpen) => {
    expect(createFolderRule(edit)(folder)).toBe(isOpen);
  });
});

it('no editable file is ever made read-only, and every protected one is, whatever the count', () => {
  const filler = fc.constantFrom(0, 250);
  fc.assert(
    fc.property(
      fc.uniqueArray(pathOf, { maxLength: 12 }),
      fc.array(glob, { minLength: 1, maxLength: 2 }),
      filler,
      fc.constantFrom('', 'a/', 'b/a/'),
      (all, edit, count, folder) => {
        const fill = Array.from({ length: count }, (_, index) => `${folder}filler${index}`);
        // A path cannot be a file and a folder.
        const paths = [...all, ...fill].filter((path, _, list) => !list.some((other) => other.startsWith(`${path}/`)));
        const mounts = coverOf(paths, edit);
        const mayEdit = picomatch(edit, { dot: true });
        for (const path of paths) {
          // Of two mounts on one path the later one holds.
          const last = mounts.findLast((mount) => mount.path === '' || path === mount.path || path.startsWith(`${mount.path}/`));
          expect([path, last?.access ?? 'writable']).toEqual([path, mayEdit(path) ? 'writable' : 'read-only']);
        }
      },
    ),
  );
});
