import { lstat, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import type { Edit } from './answer.ts';

/**
 * Applies search-and-replace edits below a folder: all of them, or none.
 * @returns what is wrong with them, in words for the model; null when they are applied
 */
export async function applyEdits(root: string, edits: readonly Edit[], mayEdit: (path: string) => boolean): Promise<string | null> {
  const texts = new Map<string, string>();
  for (const [index, { path, search, replace }] of edits.entries()) {
    const wrong = (what: string) => `edit ${index + 1} (${path}): ${what}`;
    if (!isPlain(path) || !mayEdit(path)) return wrong('this file may not be edited');
    const before = texts.get(path) ?? (await textOf(root, path));
    if (before === undefined) return wrong('this is no ordinary file of the project');
    if (search === '') {
      if (before !== null) return wrong('the file is there already: search for the text to replace');
      texts.set(path, replace);
      continue;
    }
    if (before === null) return wrong('there is no such file');
    const [from, to] = before.includes('\r\n') ? [withReturns(search), withReturns(replace)] : [search, replace];
    const at = before.indexOf(from);
    if (at < 0) return wrong('the text to search for does not stand in the file; copy it to the letter, with its spaces');
    if (before.includes(from, at + 1)) return wrong('the text to search for stands there more than once; take more lines around it');
    texts.set(path, before.slice(0, at) + to + before.slice(at + from.length));
  }
  for (const [path, text] of texts) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return null;
}

function isPlain(path: string): boolean {
  return path === posix.normalize(path) && !posix.isAbsolute(path) && !path.endsWith('/');
}

/** Null for a file that is not there; undefined for what must not be written to: a link, or a path below a link. */
async function textOf(root: string, path: string): Promise<string | null | undefined> {
  for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
    const found = await lstat(join(root, folder)).catch(() => null);
    if (found !== null && !found.isDirectory()) return undefined;
  }
  const at = join(root, path);
  const found = await lstat(at).catch(() => null);
  if (found === null) return null;
  if (!found.isFile() || !(await realpath(at)).startsWith((await realpath(root)) + sep)) return undefined;
  return readFile(at, 'utf8');
}

function withReturns(text: string): string {
  return text.replaceAll(/\r?\n/g, '\r\n');
}
