import { budgetOf } from '../engine/budget.ts';
import type { ExitCode } from '../errors.ts';
import { branchName } from '../ledger/ledger.ts';
import { lockHolder } from '../ledger/lock.ts';
import { budgetInForce, type RunRecord } from '../ledger/read.ts';
import { reviewsOf } from '../ledger/reviews.ts';
import type { ReadFlags } from '../program.ts';
import { auditsOf } from '../views/course.ts';
import { noiseOf } from '../views/noise.ts';
import { renderStatus } from '../views/status-text.ts';
import { statusOf, type RunState } from '../views/status.ts';
import { lockFileOf, openRun, print, printJson, textOptions } from './read.ts';

export async function status(run: string | undefined, flags: ReadFlags): Promise<ExitCode> {
  const { repository, record } = await openRun(run);
  const { opening, summaries } = record;
  const view = statusOf({
    run: record.run,
    branch: branchName(record.run),
    openedAt: opening.at,
    objective: opening.objective,
    state: stateOf(record, lockFileOf({ repository, record })),
    rows: summaries,
    audits: auditsOf(record.sessions),
    reviews: reviewsOf(record.sessions),
    noise: noiseOf(summaries, opening.config.noise.sigma, opening.noise),
    budget: budgetOf(budgetInForce(record.sessions)),
    now: new Date().toISOString(),
  });
  if (flags.json) printJson(view);
  else print(renderStatus(view, textOptions()));
  return 0;
}

function stateOf({ sessions }: RunRecord, lockFile: string): RunState {
  const holder = lockHolder(lockFile);
  if (holder) return { kind: 'running', pid: holder.pid };
  // Audits, ablations and reviews come after a session as well as within one.
  const last = sessions.findLast(({ kind }) => kind === 'opened' || kind === 'resumed' || kind === 'stopped');
  return last?.kind === 'stopped' ? { kind: 'stopped', reason: last.reason } : { kind: 'interrupted' };
}
