import { AutoresearchError } from '../errors.ts';
import { errorOfMachine } from '../machine-errors.ts';

/** A failure of git that may come from the files in the worktree. */
export function isOfFiles(thrown: unknown): boolean {
  const error = errorOfMachine(thrown) ?? thrown;
  return (
    error instanceof AutoresearchError && ['GIT_FAILED', 'GIT_WORKTREE_BROKEN', 'NO_PERMISSION', 'WORKTREE_STUCK'].includes(error.code)
  );
}

export function isOfDisk(thrown: unknown): boolean {
  return thrown instanceof AutoresearchError && ['DISK_FULL', 'DISK_FAILING'].includes(thrown.code);
}
