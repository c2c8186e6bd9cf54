import { AutoresearchError } from '../../errors.ts';
import type { Repository } from '../../git/repository.ts';
import { branchTip, conflictingBranch, moveBranch, objectionToMove } from '../../git/run-refs.ts';
import { branchName } from '../../ledger/ledger.ts';
import type { Log } from '../../plugin.ts';

/** A branch of the person's that stands in the way: GIT_BRANCH_CONFLICT. */
export async function refuseTakenBranch(repository: Repository, run: string): Promise<void> {
  const taken = await conflictingBranch(repository, branchName(run));
  if (taken === null) return;
  throw new AutoresearchError(
    'GIT_BRANCH_CONFLICT',
    `the run would keep its commits on ${branchName(run)}, but there is a branch ${taken}`,
    {
      hint: `rename it (git branch -m ${taken} OTHER), or choose another name: autoresearch run --name OTHER`,
    },
  );
}

/** A kill between the verdict and the branch leaves the branch behind. */
export async function mendBranch(repository: Repository, run: string, tip: string, log: Log): Promise<void> {
  const branch = branchName(run);
  if ((await branchTip(repository, branch)) === tip) return;
  const objection = await objectionToMove(repository, branch, tip);
  if (objection === null) await moveBranch(repository, branch, tip);
  else log.warn(`${branch} ${objection}, so it stays where it is`);
}
