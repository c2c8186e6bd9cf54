import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** More rules than this make a command line too long; the check of the diff works without them. */
const MOST = 200;

/**
 * The paths of a folder that may not be edited, relative to it: a folder without a single editable file stands for all
 * that is in it.
 */
export async function frozenPaths(root: string, mayEdit: (path: string) => boolean): Promise<string[]> {
  const { frozen } = await look(root, '', mayEdit);
  return frozen.slice(0, MOST);
}

async function look(root: string, folder: string, mayEdit: (path: string) => boolean): Promise<{ frozen: string[]; isAll: boolean }> {
  const frozen: string[] = [];
  let isAll = true;
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    // Links lead out of the worktree, and what is installed there is long.
    const isFolder = entry.isDirectory() && entry.name !== '.git' && entry.name !== 'node_modules';
    const below = isFolder ? await look(root, path, mayEdit) : { frozen: [path], isAll: !mayEdit(path) };
    if (below.isAll) frozen.push(path);
    else {
      isAll = false;
      if (isFolder) frozen.push(...below.frozen);
    }
  }
  return { frozen, isAll };
}
