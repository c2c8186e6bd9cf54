import { mkdirSync, statSync, type MakeDirectoryOptions } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it; one that is there already is left as it is.
 *
 * One by one: Node's `recursive` says of a full or read-only file system that there is no such folder.
 * @throws the error of the system, with its true code
 */
export function makeFolders(dir: string, options: Pick<MakeDirectoryOptions, 'mode'> = {}): void {
  if (isFolder(dir)) return;
  const above = dirname(dir);
  if (above !== dir) makeFolders(above, options);
  try {
    mkdirSync(dir, options);
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!isFolder(dir)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
