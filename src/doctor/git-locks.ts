import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Repository } from '../git/repository.ts';
import { findGitAtWork, type GitAtWork } from '../process/git-at-work.ts';
import type { Finding } from './finding.ts';
import { listOwnWorktrees } from './worktrees.ts';

/** Younger locks, in places that runs and the user's own git share, are left alone. */
const YOUNG_MS = 60_000;

/** Lock files of git that nobody will release. Those of the user's own checkout are named, but not removed. */
export async function findGitLocks(repository: Repository, isLive: (run: string) => boolean): Promise<Finding[]> {
  const { commonDir, top, stateDir } = repository;
  const files = lockFiles(repository).filter(({ run }) => run === null || !isLive(run));
  if (files.length === 0) return [];
  const work = await findGitAtWork([commonDir, top, stateDir]);
  return files.map((found) => findingOf(found, work, repository));
}

interface LockFile {
  readonly file: string;
  readonly owner: 'run' | 'shared' | 'person';
  readonly run: string | null;
}

function lockFiles(repository: Repository): LockFile[] {
  const { commonDir } = repository;
  const refs = ['refs/autoresearch', 'refs/heads/autoresearch'].flatMap((folder) =>
    locksBelow(join(commonDir, folder)).map((file): LockFile => {
      const run = relative(join(commonDir, folder), file).split('/')[0] ?? '';
      return { file, owner: 'run', run: run.replace(/\.lock$/, '') };
    }),
  );
  const worktrees = listOwnWorktrees(repository).flatMap(({ gitDir, run }) =>
    namesIn(gitDir).map((name): LockFile => ({ file: join(gitDir, name), owner: 'run', run })),
  );
  const top = namesIn(commonDir).map((name): LockFile => {
    const isShared = name === 'packed-refs.lock' || name === 'config.lock';
    return { file: join(commonDir, name), owner: isShared ? 'shared' : 'person', run: null };
  });
  return [...refs, ...worktrees, ...top].filter(({ file }) => file.endsWith('.lock'));
}

function locksBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function findingOf({ file, owner }: LockFile, work: GitAtWork, { top }: Repository): Finding {
  const name = `git's lock ${relative(top, file)}`;
  const kind = 'git-lock';
  const stat = statSync(file, { throwIfNoEntry: false });
  const age = Date.now() - (stat?.mtimeMs ?? Date.now());
  // A lock of this user was not made by another user's git.
  const isHidden = work.kind === 'unknown' || (work.kind === 'others' && stat?.uid !== process.getuid?.());
  if (work.kind === 'some') return { kind, text: `${name}: process ${work.pid} uses this repository; try again when it has ended` };
  if (isHidden) return { kind, text: `${name}: cannot see whether a git process uses this repository; if none does, remove the file` };
  if (owner === 'person')
    return { kind, text: `${name} is of your own git, which is not at work: remove the file if nothing else uses it` };
  if (owner === 'shared' && age < YOUNG_MS)
    return { kind, text: `${name} is younger than a minute: look again, something may hold it that is not called git` };
  return {
    kind,
    text: `${name}: no git process uses this repository, so the lock is stale`,
    fix: async () => rmSync(file, { force: true }),
  };
}
