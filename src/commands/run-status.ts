import { pausedBy } from '../decisions/paused.ts';
import { budgetOf } from '../engine/decide/budget.ts';
import { limitsOf, planOf } from '../engine/slots/pace.ts';
import type { Repository } from '../git/repository.ts';
import { branchName } from '../ledger/ledger.ts';
import { lockHolder } from '../ledger/lock.ts';
import { budgetInForce, type RunRecord } from '../ledger/read.ts';
import { trustOfRun } from '../ledger/records.ts';
import { reviewsOf } from '../ledger/reviews.ts';
import { auditsOf } from '../views/incumbent-steps.ts';
import { guardNames } from '../views/headline.ts';
import { noiseOf } from '../views/noise.ts';
import type { ProcessState } from '../views/process-state.ts';
import { statusOf, type Status } from '../views/status.ts';
import { lockFileOf } from './read.ts';

/** Where a run stands now. */
export function statusNow(repository: Repository, record: RunRecord): Status {
  const { opening, summaries } = record;
  return statusOf({
    run: record.run,
    branch: branchName(record.run),
    openedAt: opening.at,
    objective: opening.objective,
    trust: trustOfRun(opening),
    state: stateOf(record, lockFileOf({ repository, record })),
    rows: summaries,
    audits: auditsOf(record.sessions),
    reviews: reviewsOf(record.sessions),
    guards: guardNames(opening.config.gates),
    plan: opening.imported ? null : planOf(limitsOf(opening.config, summaries), summaries),
    noise: noiseOf(summaries, opening),
    budget: budgetOf(budgetInForce(record.sessions)),
    now: new Date().toISOString(),
  });
}

export function stateOf({ sessions }: Pick<RunRecord, 'sessions'>, lockFile: string): ProcessState {
  const holder = lockHolder(lockFile);
  const paused = pausedBy(sessions);
  if (holder) return { kind: 'running', pid: holder.pid, ...(paused && { paused: paused.by.name }) };
  // Audits, ablations and reviews come after a session as well as within one.
  const last = sessions.findLast(({ kind }) => kind === 'opened' || kind === 'resumed' || kind === 'stopped');
  return last?.kind === 'stopped' ? { kind: 'stopped', reason: last.reason } : { kind: 'interrupted' };
}
