import { mustRemove } from './force-remove.ts';
import { lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Links a file or folder of the person into a worktree, whatever is in its place there. */
export function linkTo(target: string, at: string, worktree: string): void {
  removeLinksAbove(at, worktree);
  if (isLinkTo(target, at)) return;
  mustRemove(at);
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(target, at);
}

/** A link in the place of a folder on the way would have us remove and make files where it leads. */
function removeLinksAbove(at: string, worktree: string): void {
  let folder = worktree;
  for (const step of relative(worktree, dirname(at)).split(sep).filter(Boolean)) {
    folder = join(folder, step);
    if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(folder);
  }
}

/** Is something else in the place of the link? Nothing is no harm: it is made again. */
export function isReplaced(target: string, at: string): boolean {
  return lstatSync(at, { throwIfNoEntry: false }) !== undefined && !isLinkTo(target, at);
}

function isLinkTo(target: string, at: string): boolean {
  return lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(at) === target;
}
