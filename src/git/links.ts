import { lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { mustRemove } from './force-remove.ts';

/** A file or folder of the person that a worktree holds at `path`, relative to the project; `source` is where it is. */
export interface Link {
  readonly path: string;
  readonly source: string;
  /** Is there a committed file or folder in its place? Then it is only for a while. */
  readonly isCommitted?: boolean;
}

/** Links a file or folder into a worktree, whatever is in its place there. */
export function linkTo(target: string, at: string, worktree: string): void {
  removeLinksAbove(at, worktree);
  if (isLinkTo(target, at)) return;
  mustRemove(at);
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(target, at);
}

/** Makes an empty file or folder, whatever is in its place, on which a sandbox can mount the source. */
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
  mkdirSync(isFolder ? at : dirname(at), { recursive: true });
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

/** A link in the place of a folder on the way would have us remove and make files where it leads. */
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
