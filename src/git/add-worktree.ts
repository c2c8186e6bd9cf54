import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AutoresearchError } from '../errors.ts';
import { Turns } from '../turns.ts';
import type { Repository } from './repository.ts';
import { removeAllBroken } from './worktree-folder.ts';

/** By the repository's folder. Every `git worktree` reads what is known of all worktrees, and fails where it finds one half made. */
const turns = new Map<string, Turns>();

/** Runs what makes or removes worktrees when nothing else of this process does. */
export function oneAtATime<T>({ commonDir }: Repository, action: () => Promise<T>): Promise<T> {
  const known = turns.get(commonDir) ?? new Turns();
  turns.set(commonDir, known);
  return known.take(action);
}

/** How often it is tried while the git of another run, or of the person, is making one too; and the pause after a try. */
const TRIES = 20;
const PAUSE_MS = 20;

/** Makes a worktree at `dir`, in a folder that is there. */
export function addWorktree(repository: Repository, dir: string, commit: string): Promise<void> {
  const { git, commonDir } = repository;
  return oneAtATime(repository, () =>
    besideOthers(async () => {
      await removeAllBroken(commonDir, dirname(dir));
      // -f -f: the place may still be registered, and locked, although its folder is gone.
      await git.run(['worktree', 'add', '-f', '-f', '--detach', dir, commit]);
    }),
  );
}

/** Runs what reads all worktrees, again where it finds one that another git is just making. */
export async function besideOthers<T>(action: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await action();
    } catch (error) {
      if (tried === TRIES || !isHalfMade(error)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

function isHalfMade(error: unknown): boolean {
  return error instanceof AutoresearchError && error.code === 'GIT_WORKTREE_BROKEN';
}
