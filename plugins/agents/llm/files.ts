import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface EditableFile {
  readonly path: string;
  readonly text: string;
}

const NEVER = new Set(['.git', 'node_modules', '.venv', '__pycache__', '.autoresearch']);

/** The text files of a folder that may be edited, by path; links are not followed and binary files left out. */
export async function readEditable(root: string, mayEdit: (path: string) => boolean): Promise<EditableFile[]> {
  const paths = (await pathsBelow(root, '')).filter(mayEdit).toSorted();
  const files = await Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })));
  return files.filter(({ text }) => !text.includes('\0'));
}

async function pathsBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return NEVER.has(entry.name) ? [] : pathsBelow(root, path);
      return entry.isFile() ? [path] : [];
    }),
  );
  return found.flat();
}
