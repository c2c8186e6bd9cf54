import { join } from 'node:path';
import { openRepository } from '../git/repository.ts';
import { lockHolder } from '../ledger/lock.ts';
import type { Finding } from './finding.ts';
import { findGitLocks } from './git-locks.ts';
import { findImports } from './imports.ts';
import { findRemoteJobs } from './remote-jobs.ts';
import { findRunLocks } from './run-locks.ts';
import { findWorktrees } from './worktrees.ts';

/** What crashed processes have left in a project, in the order in which to remove it. Running runs are not touched. */
export async function examine(folder: string): Promise<Finding[]> {
  const repository = await openRepository(folder);
  const isLive = (run: string) => lockHolder(join(repository.stateDir, run, 'lock')) !== null;
  return [
    ...findRunLocks(repository, isLive),
    ...(await findGitLocks(repository, isLive)),
    ...findWorktrees(repository, isLive),
    ...(await findImports(repository)),
    ...findRemoteJobs(repository, isLive),
  ];
}
