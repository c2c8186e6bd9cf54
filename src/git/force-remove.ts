import { chmodSync, lstatSync, readdirSync, renameSync, rmSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { AutoresearchError } from '../errors.ts';

/** Systems refuse paths of 4096 bytes, some of 1024: folders below this length are moved up before they are walked. */
const LONG = 900;

/** Removes a file or folder, even if folders in it are read-only or nested too deeply for their paths. Returns whether it is gone. */
export function forceRemove(path: string | Buffer): boolean {
  if (tryTo(() => rmSync(path, { recursive: true, force: true }))) return true;
  loosen(path, { isFlattened: true });
  return tryTo(() => rmSync(path, { recursive: true, force: true }));
}

/** The same, but throws if it cannot be removed. */
export function mustRemove(path: string | Buffer): void {
  if (forceRemove(path)) return;
  throw new AutoresearchError('WORKTREE_STUCK', `${String(path)} cannot be removed`, {
    hint: 'see what holds it (lsattr, mount), remove it by hand, then: autoresearch resume',
  });
}

/** Lets us read, write and enter every folder below, and read every file; flattened, paths that are too long become short ones. */
export function loosen(top: string | Buffer, { isFlattened = false } = {}): void {
  const root = Buffer.from(top);
  const folders: Buffer[] = [root];
  let moved = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const stat = statOf(folder);
    if (stat === undefined || stat.isSymbolicLink()) continue;
    if (!stat.isDirectory()) {
      if ((stat.mode & 0o400) === 0) allow(folder, stat, 0o600);
      continue;
    }
    if ((stat.mode & 0o700) !== 0o700) allow(folder, stat, 0o700);
    for (const name of namesIn(folder)) {
      const child = inside(folder, name);
      const isFolder = statOf(child)?.isDirectory() === true;
      if (!isFlattened || !isFolder || child.length <= LONG || folder === root) {
        folders.push(child);
        continue;
      }
      const up = inside(root, Buffer.from(`moved-up-${process.pid}-${moved++}`));
      // A folder that gets another parent must be writable itself.
      tryTo(() => chmodSync(child, 0o700));
      if (tryTo(() => renameSync(child, up))) folders.push(up);
    }
  }
}

/**
 * Moves a folder that cannot be removed out of the way, and gives its new place. What is immutable cannot be moved itself,
 * but the folder it is in can.
 */
export function setAside(dir: string): string {
  const isMoved = (from: string, to: string) => tryTo(() => renameSync(from, to));
  for (const [from, rest] of [
    [dir, ''],
    [dirname(dir), dir.slice(dirname(dir).length)],
  ] as const) {
    const to = freeName(from);
    if (isMoved(from, to)) return to + rest;
  }
  return dir;
}

/** How the names of folders begin that have been set aside beside `dir`. */
export const LEFT = '.left-';

function freeName(path: string): string {
  for (let n = 1; ; n++) if (statOf(Buffer.from(`${path}${LEFT}${n}`)) === undefined) return `${path}${LEFT}${n}`;
}

function allow(path: Buffer, { mode }: Stats, bits: number): void {
  tryTo(() => chmodSync(path, (mode & 0o7777) | bits));
}

function namesIn(folder: Buffer): Buffer[] {
  try {
    return readdirSync(folder, { encoding: 'buffer' });
  } catch {
    return [];
  }
}

function statOf(path: Buffer): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function inside(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name]);
}

function tryTo(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
