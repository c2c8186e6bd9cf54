import type { TreeEntry } from '../git/repository.ts';

type Entry = Pick<TreeEntry, 'path' | 'isFile'>;

/** A part of a worktree that is mounted upon itself. */
export interface Cover {
  readonly access: 'read-only' | 'writable';
  readonly path: string;
}

interface CoverRules {
  readonly mayEdit: (path: string) => boolean;
  /** May a file be edited or made, or an output written, in the folder or below it? */
  readonly isOpen: (folder: string) => boolean;
}

interface Folder {
  readonly files: string[];
  readonly folders: Map<string, Folder>;
}

/** Each mount costs a third of a millisecond, and more with their number. */
const MOST_MOUNTS = 64;

/**
 * The least mounts that keep what is committed and not editable as it is. A folder in which nothing may be written is
 * one mount. A folder that holds both kinds is mounted too, writable, since what is a mount cannot be renamed away.
 * Where that would be too many, single files are left out: they are compared after the trial.
 */
export function coverProtected(entries: readonly Entry[], { mayEdit, isOpen }: CoverRules): Cover[] {
  const folders: Cover[] = [];
  const files: Cover[] = [];
  const visit = (folder: Folder, path: string): void => {
    for (const name of folder.files) {
      if (!mayEdit(path + name)) files.push({ access: 'read-only', path: path + name });
    }
    for (const [name, child] of folder.folders) {
      const at = path + name;
      if (!isOpen(at)) folders.push({ access: 'read-only', path: at });
      else if (hasProtected(child, `${at}/`, mayEdit)) {
        folders.push({ access: 'writable', path: at });
        visit(child, `${at}/`);
      }
    }
  };
  visit(treeOf(entries), '');
  return [...folders, ...files].slice(0, MOST_MOUNTS);
}

function treeOf(entries: readonly Entry[]): Folder {
  const top: Folder = { files: [], folders: new Map() };
  for (const { path, isFile } of entries) {
    // A link would be followed, and a submodule is empty here.
    if (!isFile) continue;
    const steps = path.split('/');
    const name = steps.pop() ?? '';
    let folder = top;
    for (const step of steps) {
      const next: Folder = folder.folders.get(step) ?? { files: [], folders: new Map() };
      folder.folders.set(step, next);
      folder = next;
    }
    folder.files.push(name);
  }
  return top;
}

function hasProtected(folder: Folder, path: string, mayEdit: (path: string) => boolean): boolean {
  return (
    folder.files.some((name) => !mayEdit(path + name)) ||
    [...folder.folders].some(([name, child]) => hasProtected(child, `${path}${name}/`, mayEdit))
  );
}
