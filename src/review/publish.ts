import { findRemote, pushBranch, type Remote } from '../git/remote/push-branch.ts';
import { promotionsOf } from '../ledger/reviews.ts';
import type { Log } from '../plugin.ts';
import { hostOf, openPullRequest } from './open-pull-request.ts';
import type { Promoted } from './promote.ts';

interface Wanted {
  readonly dir: string;
  /** The remote by name; undefined for the usual one. */
  readonly remote: string | undefined;
  readonly isPullRequest: boolean;
}

export interface Publisher {
  /** Pushes the branch of a promotion, and opens or updates its pull request. */
  publish(promoted: Promoted, text: string, log: Log, signal: AbortSignal): Promise<void>;
}

/** Looks whether all that publishing needs is there, before hours are spent on an audit. */
export async function preparePublishing({ dir, remote: name, isPullRequest }: Wanted): Promise<Publisher> {
  const remote: Remote = await findRemote(dir, name);
  if (isPullRequest) hostOf(remote);
  return {
    async publish({ run, promotion }, text, log, signal) {
      const { branch, audit } = promotion;
      if (audit && (audit.shown === 'loss' || audit.failures.length > 0)) {
        log.warn(
          `${branch} is not pushed, because the audit did not confirm it; to push it all the same: git push ${remote.name} ${branch}`,
        );
        return;
      }
      const ours = promotionsOf(run.record.sessions).flatMap((earlier) => (earlier.branch === branch ? [earlier.commit] : []));
      await pushBranch({ dir, remote: remote.name, branch, ours, signal });
      log.info(`pushed ${branch} to ${remote.name}`);
      if (!isPullRequest) return;
      const address = await openPullRequest({ dir, remote, branch, text, signal });
      log.info(`pull request: ${address || 'opened'}`);
    },
  };
}
