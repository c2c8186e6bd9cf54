import type { TreeEntry } from '../git/repository.ts';

type Entry = Pick<TreeEntry, 'path' | 'isFile'>;

/** A part of a worktree that is bind-mounted onto itself, to set its access. */
export interface ProtectiveMount {
  readonly access: 'read-only' | 'writable';
  readonly path: string;
}

interface ProtectionRules {
  readonly mayEdit: (path: string) => boolean;
  /** May a file be edited or made, or an output written, in the folder or below it? */
  readonly isOpen: (folder: string) => boolean;
  /** Is an output made in the folder itself? It is empty for the top. */
  readonly isWrittenIn: (folder: string) => boolean;
}

interface Folder {
  readonly files: string[];
  readonly folders: Map<string, Folder>;
}

/** Bubblewrap takes 0.1 s for these, and four times that for twice as many. */
const MOST_MOUNTS = 200;
/** Git finds and refuses a forbidden change of an agent anyway; these mounts only save it the attempt. */
const MOST_FOR_AGENTS = 64;
/** How many single files a folder may have mounted, until all of it is read-only but for what may be edited there now. */
const MOST_BESIDE = [Infinity, 64, 16, 4, 0];

/**
 * Mounts that keep what is committed and not editable as it is, outer ones first. A folder in which nothing may be written
 * is one mount. A folder that holds both kinds is mounted too, writable, since what is a mount cannot be renamed away. Where
 * that would be too many, folders with many protected files are read-only, with their editable files as mounts: nothing
 * new can be made there.
 */
export function protectiveMounts(entries: readonly Entry[], rules: ProtectionRules): ProtectiveMount[] {
  const tree = treeOf(entries);
  const plans = MOST_BESIDE.map((most) => () => planOf(tree, rules, most));
  let best: ProtectiveMount[] = [];
  for (const plan of plans) {
    const protections = plan();
    if (best.length === 0 || protections.length < best.length) best = protections;
    if (best.length <= MOST_MOUNTS) break;
  }
  return best;
}

/** The same for agents: few, and none that keeps them from making a file. */
export function protectiveMountsForAgents(entries: readonly Entry[], rules: ProtectionRules): ProtectiveMount[] {
  return planOf(treeOf(entries), rules, Infinity).slice(0, MOST_FOR_AGENTS);
}

function planOf(tree: Folder, { mayEdit, isOpen, isWrittenIn }: ProtectionRules, mostBeside: number): ProtectiveMount[] {
  const folders: ProtectiveMount[] = [];
  const files: ProtectiveMount[] = [];
  const visit = (folder: Folder, path: string): void => {
    const own = path.slice(0, -1);
    const kept = folder.files.filter((name) => !mayEdit(path + name));
    const isClosed = kept.length > mostBeside && !isWrittenIn(own);
    if (isClosed) folders.push({ access: 'read-only', path: own });
    for (const name of isClosed ? folder.files.filter((file) => !kept.includes(file)) : kept) {
      files.push({ access: isClosed ? 'writable' : 'read-only', path: path + name });
    }
    for (const [name, child] of folder.folders) {
      const at = path + name;
      if (!isOpen(at)) {
        if (!isClosed) folders.push({ access: 'read-only', path: at });
      } else if (isClosed || hasProtected(child, `${at}/`, mayEdit)) {
        folders.push({ access: 'writable', path: at });
        visit(child, `${at}/`);
      }
    }
  };
  visit(tree, '');
  return [...folders, ...files];
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
