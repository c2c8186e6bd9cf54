import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPlainFile } from '../src/plugin.ts';
import { makeFolder } from './helpers/repo.ts';

/** A folder with one thing of each kind. */
function makeThings(): (name: string) => string {
  const folder = makeFolder();
  const at = (name: string) => join(folder, name);
  writeFileSync(at('file'), 'text\n');
  mkdirSync(at('folder'));
  symlinkSync(at('file'), at('link'));
  symlinkSync('/dev/zero', at('endless'));
  execFileSync('sh', ['-c', 'mkfifo "$0"', at('pipe')]);
  writeFileSync(at('large'), '');
  truncateSync(at('large'), 64 * 1024 * 1024 + 1);
  return at;
}

it('reads a file, and nothing where there is none', async () => {
  const at = makeThings();
  expect(await readPlainFile(at('file'))).toBe('text\n');
  expect(await readPlainFile(at('nothing'))).toBeNull();
  expect(await readPlainFile(at('file/below'))).toBeNull();
});

it.each([
  ['link', 'link is a symbolic link'],
  ['endless', 'endless is a symbolic link'],
  ['pipe', 'pipe is not a plain file'],
  ['folder', 'folder is not a plain file'],
  ['large', 'large is larger than 64 MiB'],
])('refuses %s, and does not wait for it', async (name, message) => {
  const at = makeThings();
  await expect(readPlainFile(at(name))).rejects.toMatchObject({ code: 'FILE_REFUSED', message });
});
