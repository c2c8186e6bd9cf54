import { AutoresearchError } from '../errors.ts';
import { forceRemove, setAside } from './force-remove.ts';

export type Warn = (message: string) => void;

/** Removes what is there, or moves it away. */
export function clearPlace(dir: string, warn: Warn): void {
  if (forceRemove(dir)) return;
  const left = setAside(dir);
  if (left === dir) {
    throw new AutoresearchError('WORKTREE_STUCK', `${dir} can be neither removed nor moved`, {
      hint: `see what holds it (lsattr, mount), remove it by hand, then: autoresearch resume`,
    });
  }
  warn(`some files of the worktree cannot be removed; they are now in ${left}, and the run goes on in a new one`);
}
