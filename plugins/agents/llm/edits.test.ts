import fc from 'fast-check';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../../test/helpers/repo.ts';
import { createPathRule } from '../../../src/plugin.ts';
import { applyEdits } from './edits.ts';
import { readEditable } from './files.ts';

const mayEdit = createPathRule({ edit: ['train.py', 'lib/**', '../**', '**/*.txt'], protect: ['lib/eval.py'] });

function project(): string {
  const root = makeFolder();
  mkdirSync(join(root, 'lib'));
  writeFileSync(join(root, 'train.py'), 'LR = 0.1\nWD = 0.1\n');
  writeFileSync(join(root, 'lib/eval.py'), 'fair\n');
  writeFileSync(join(root, 'win.txt'), 'one\r\ntwo\r\n');
  return root;
}

const apply = (root: string, ...edits: [path: string, search: string, replace: string][]) =>
  applyEdits(
    root,
    edits.map(([path, search, replace]) => ({ path, search, replace })),
    mayEdit,
  );

describe('edits of a model', () => {
  it('replace what stands once, one after the other, and make new files', async () => {
    const root = project();
    expect(
      await apply(root, ['train.py', 'LR = 0.1', 'LR = 0.2'], ['train.py', 'LR = 0.2\nWD', 'WD'], ['lib/new/a.py', '', 'x\n']),
    ).toBeNull();
    expect(readFileSync(join(root, 'train.py'), 'utf8')).toBe('WD = 0.1\n');
    expect(readFileSync(join(root, 'lib/new/a.py'), 'utf8')).toBe('x\n');
  });

  it('keep the line ends of the file', async () => {
    const root = project();
    expect(await apply(root, ['win.txt', 'one\ntwo', 'three\nfour'])).toBeNull();
    expect(readFileSync(join(root, 'win.txt'), 'utf8')).toBe('three\r\nfour\r\n');
  });

  it.each([
    ['a protected file', ['lib/eval.py', 'fair', 'unfair'], 'may not be edited'],
    ['a file outside', ['../x.txt', '', 'x'], 'may not be edited'],
    ['a roundabout path', ['lib/../lib/eval.py', 'fair', 'unfair'], 'may not be edited'],
    ['an absolute path', ['/tmp/x.txt', '', 'x'], 'may not be edited'],
    ['git', ['.git/config.txt', '', 'x'], 'may not be edited'],
    ['text that is not there', ['train.py', 'LR = 7', 'LR = 8'], 'does not stand in the file'],
    ['text that stands twice', ['train.py', ' = 0', ' = 1'], 'more than once'],
    ['an old file as new', ['train.py', '', 'x'], 'is there already'],
    ['no file', ['lib/none.py', 'x', 'y'], 'no such file'],
    ['a link', ['link.txt', 'secret', 'x'], 'no ordinary file'],
    ['a folder behind a link', ['lib/out/x.txt', '', 'x'], 'no ordinary file'],
  ] as const)('are refused for %s, and then none is applied', async (_what, edit, text) => {
    const root = project();
    const outside = makeFolder();
    writeFileSync(join(outside, 'secret.txt'), 'secret\n');
    symlinkSync(join(outside, 'secret.txt'), join(root, 'link.txt'));
    symlinkSync(outside, join(root, 'lib/out'));
    expect(await apply(root, ['train.py', 'WD = 0.1', 'WD = 0'], [...edit])).toContain(text);
    expect(readFileSync(join(root, 'train.py'), 'utf8')).toBe('LR = 0.1\nWD = 0.1\n');
    expect(readFileSync(join(outside, 'secret.txt'), 'utf8')).toBe('secret\n');
  });

  it('never write a path that may not be edited, whatever they say', async () => {
    const path = fc
      .array(fc.constantFrom('..', '.', 'lib', 'eval.py', 'train.py', '', 'a.txt', '~', 'tmp'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    await fc.assert(
      fc.asyncProperty(path, async (name) => {
        const root = project();
        await apply(root, [name, '', 'written']);
        expect(readFileSync(join(root, 'lib/eval.py'), 'utf8')).toBe('fair\n');
        for (const { path: found, text } of await readEditable(root, () => true)) if (text === 'written') expect(mayEdit(found)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
