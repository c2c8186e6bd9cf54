import { findRemote, pushBranch, type Remote } from '../git/remote/push-branch.ts';
import { promotionsOf } from '../ledger/reviews.ts';
import type { Log } from '../plugin.ts';
import type { Step } from '../steps.ts';
import { hostOf, openPullRequest } from './open-pull-request.ts';
import type { Promoted } from './promote.ts';

interface Wanted {
  readonly dir: string;
  /** The remote by name; undefined for the usual one. */
  readonly remote: string | undefined;
  readonly isPullRequest: boolean;
}

interface Watching {
  readonly log: Log;
  readonly step: Step;
  readonly progress: ((text: string) => void) | undefined;
  readonly signal: AbortSignal;
}

export interface Publisher {
  /** Pushes the branch of a promotion, and opens or updates its pull request. */
  publish(promoted: Promoted, text: string, watching: Watching): Promise<void>;
}

/** Looks whether all that publishing needs is there, before hours are spent on an audit. */
export async function preparePublishing({ dir, remote: name, isPullRequest }: Wanted): Promise<Publisher> {
  const remote: Remote = await findRemote(dir, name);
  if (isPullRequest) hostOf(remote);
  return {
    async publish({ run, promotion }, text, { log, step, progress, signal }) {
      const { branch, audit } = promotion;
      if (audit && (audit.shown === 'loss' || audit.failures.length > 0)) {
        log.warn(
          `${branch} is not pushed, because the audit did not confirm it; to push it all the same: git push ${remote.name} ${branch}`,
        );
        return;
      }
      const ours = promotionsOf(run.record.sessions).flatMap((earlier) => (earlier.branch === branch ? [earlier.commit] : []));
      await step(`push ${branch} to ${remote.name}`, () =>
        pushBranch({ dir, remote: remote.name, branch, ours, signal, onProgress: progress }),
      );
      log.info(`pushed ${branch} to ${remote.name}`);
      if (!isPullRequest) return;
      const address = await step('open the pull request', () => openPullRequest({ dir, remote, branch, text, signal }));
      log.info(`pull request: ${address || 'opened'}`);
    },
  };
}
