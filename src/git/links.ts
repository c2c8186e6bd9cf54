import { lstatSync, readdirSync, readlinkSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { makeFolders } from '../folders.ts';
import { mustRemove } from './force-remove.ts';

/** A file or folder of the user that is linked into a worktree at `path`, relative to the project; `source` is the original. */
export interface Link {
  readonly path: string;
  readonly source: string;
  /** Does it temporarily replace a committed file or folder? */
  readonly isCommitted?: boolean;
}

/** Links a file or folder into a worktree, and replaces what is there. */
export function linkTo(target: string, at: string, worktree: string): void {
  removeLinksAbove(at, worktree);
  if (isLinkTo(target, at)) return;
  mustRemove(at);
  makeFolders(dirname(at));
  symlinkSync(target, at);
}

/** Makes an empty file or folder on which a sandbox can mount the source, and replaces what is there. */
export function makeMountPoint({ source, isCommitted = false }: Link, at: string, worktree: string): void {
  removeLinksAbove(at, worktree);
  const isFolder = statSync(source, { throwIfNoEntry: false })?.isDirectory() ?? true;
  const found = lstatSync(at, { throwIfNoEntry: false });
  const isRight = isFolder ? found?.isDirectory() : found?.isFile();
  if (isRight === true && (isCommitted || isEmpty(at, isFolder))) return;
  if (isRight === true && !isFolder) {
    truncateSync(at);
    return;
  }
  mustRemove(at);
  makeFolders(isFolder ? at : dirname(at));
  if (!isFolder) writeFileSync(at, '');
}

/** Tells a link or mount point from one that was taken away and made again, or moved and moved back. */
export function stampOfLink(at: string): string {
  const stat = lstatSync(at, { bigint: true, throwIfNoEntry: false });
  return stat ? [stat.ino, stat.mode, stat.ctimeNs].join() : '';
}

function isEmpty(at: string, isFolder: boolean): boolean {
  return isFolder ? readdirSync(at).length === 0 : statSync(at).size === 0;
}

/** If a folder on the way were a link, files would be removed and created where it leads. */
function removeLinksAbove(at: string, worktree: string): void {
  let folder = worktree;
  for (const step of relative(worktree, dirname(at)).split(sep).filter(Boolean)) {
    folder = join(folder, step);
    if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(folder);
  }
}

function isLinkTo(target: string, at: string): boolean {
  return lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(at) === target;
}
