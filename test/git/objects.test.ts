import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openGit } from '../../src/git/git.ts';
import { ObjectWriter, treeOfFiles } from '../../src/git/objects.ts';
import { RefUpdates } from '../../src/git/ref-updates.ts';
import { makeFolder, makeRepo, openTestRepo } from '../helpers/repo.ts';

it.each(['sha1', 'sha256'] as const)('objects (%s) are those that git would have written', async (format) => {
  const repo = openTestRepo(makeFolder());
  repo.git('init', '-q', `--object-format=${format}`);
  const objects = await ObjectWriter.open(openGit(repo.dir));
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), fc.string({ unit: 'binary' }), async (bytes, text) => {
      const id = objects.write('blob', Buffer.from(bytes));
      const tree = objects.write(
        'tree',
        treeOfFiles([
          { name: 'a', id },
          { name: 'b', id: objects.write('blob', text) },
        ]),
      );
      expect(objects.isLoose(id)).toBe(true);
      expect(repo.git('ls-tree', '--name-only', tree)).toBe('a\nb\n');
      expect(repo.git('cat-file', '-s', id).trim()).toBe(String(bytes.length));
      expect(repo.git('cat-file', '-s', `${tree}:b`).trim()).toBe(String(Buffer.byteLength(text)));
    }),
    { numRuns: 10 },
  );
  expect(repo.git('fsck', '--full', '--strict')).not.toContain('error');
});

it('what cannot be written leaves nothing behind, and is named', async ({ skip }) => {
  if (process.getuid?.() === 0) return skip('root may write anywhere');
  const repo = makeRepo({ 'a.txt': 'a\n' });
  const objects = await ObjectWriter.open(openGit(repo.dir));
  const folder = join(repo.dir, '.git/objects');
  chmodSync(folder, 0o500);
  try {
    expect(() => objects.write('blob', 'new')).toThrow(expect.objectContaining({ code: 'NO_PERMISSION' }));
  } finally {
    chmodSync(folder, 0o700);
  }
});

it('objects of a shared repository are for all its users', async () => {
  const repo = openTestRepo(makeFolder());
  repo.git('init', '-q', '--shared=group');
  const objects = await ObjectWriter.open(openGit(repo.dir));
  const id = objects.write('blob', 'for all');
  const mode = (path: string) => statSync(join(repo.dir, '.git/objects', path)).mode & 0o7777;
  repo.write('theirs.txt', 'by git');
  const theirs = repo.git('hash-object', '-w', 'theirs.txt').trim();
  expect(mode(id.slice(0, 2))).toBe(mode(theirs.slice(0, 2)));
  expect(mode(`${id.slice(0, 2)}/${id.slice(2)}`)).toBe(mode(`${theirs.slice(0, 2)}/${theirs.slice(2)}`));
});

it('refs move all or none, and only from where they are said to be', async () => {
  const repo = makeRepo({ 'a.txt': 'a\n' });
  const first = repo.git('rev-parse', 'HEAD').trim();
  repo.write('a.txt', 'b\n');
  const second = repo.commit('second');
  const refs = new RefUpdates(openGit(repo.dir));
  const at = (ref: string) => (existsSync(join(repo.dir, '.git', ref)) ? repo.git('rev-parse', ref).trim() : null);
  await refs.update([{ ref: 'refs/x/a', to: first, from: null }]);
  await refs.update([
    { ref: 'refs/x/a', to: second, from: first },
    { ref: 'refs/x/b', to: first },
  ]);
  expect([at('refs/x/a'), at('refs/x/b')]).toEqual([second, first]);
  await expect(
    refs.update([
      { ref: 'refs/x/b', to: second },
      { ref: 'refs/x/a', to: first, from: first },
    ]),
  ).rejects.toMatchObject({ code: 'GIT_FAILED' });
  await expect(refs.update([{ ref: 'refs/x/a', to: first, from: null }])).rejects.toMatchObject({ code: 'GIT_FAILED' });
  expect([at('refs/x/a'), at('refs/x/b')]).toEqual([second, first]);
  expect(readdirSync(join(repo.dir, '.git/refs/x')).sort()).toEqual(['a', 'b']);
  refs.end();
});
