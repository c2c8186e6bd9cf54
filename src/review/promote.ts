import { randomUUID } from 'node:crypto';
import { resolveRecorded } from '../config/load-config.ts';
import { assemble, withoutReporters, type Assembly } from '../engine/session/assemble.ts';
import { disposeAll } from '../engine/session/instances.ts';
import { withMeasurer } from '../engine/session/with-measurer.ts';
import { auditPromotion } from '../analysis/promotion-audit.ts';
import { stateOf } from '../engine/session/run.ts';
import { foldLedger } from '../engine/session/run-state-from.ts';
import { AutoresearchError } from '../errors.ts';
import { isBranchName, putBranch } from '../git/pick.ts';
import { resolveCommit, type Repository } from '../git/repository.ts';
import { branchTip, isCheckedOut } from '../git/run-refs.ts';
import type { PromotionAudit, PromotionRecord, Reviewer } from '../ledger/review-records.ts';
import { promotionsOf } from '../ledger/reviews.ts';
import type { Log } from '../plugin.ts';
import { readApproved, type Approved } from './approved.ts';
import { build, type Built } from './build.ts';
import { withStoppedRun, type RunPlace, type StoppedRun } from './stopped-run.ts';

export interface PromoteRequest extends RunPlace {
  readonly branch: string;
  /** A revision; default: the commit the run started from. */
  readonly onto: string | undefined;
  /** Trials of each side of the audit; 0 for none. */
  readonly trials: number;
  readonly by: Reviewer;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onAssembled: (assembly: Assembly) => void;
  readonly onTrial: (done: number) => void;
}

export interface Promoted {
  readonly run: StoppedRun;
  readonly promotion: PromotionRecord;
  readonly approved: readonly Approved[];
}

/** Builds a branch of what stands approved, audits it, and records both. Nothing but that branch and the ledger is written, and nothing is pushed. */
export async function promote(request: PromoteRequest): Promise<Promoted> {
  const token = randomUUID();
  return withStoppedRun(request, token, async (run) => {
    const { repository, record, ledger } = run;
    const before = await branchToWrite(repository, record.run, request.branch, promotionsOf(record.sessions));
    const approved = await readApproved(repository.git, record);
    if (approved.length === 0) {
      throw new AutoresearchError('NOTHING_APPROVED', `nothing of run ${record.run} stands approved`, {
        hint: `autoresearch review ${record.run}`,
      });
    }
    const onto = await resolveCommit(repository, request.onto ?? record.opening.base);
    const built = await build(run, onto, approved);
    refuseEmpty(built);
    request.signal.throwIfAborted();
    const audit = request.trials > 0 ? await audited(run, request, token, built.commit, onto) : null;
    const promotion: PromotionRecord = {
      v: 1,
      kind: 'promotion',
      at: new Date().toISOString(),
      by: request.by,
      branch: request.branch,
      onto,
      ...built,
      audit,
    };
    // Recorded first: a kill between the two leaves a record whose commits are there, and the branch can be built again.
    await ledger.append(promotion);
    if (!(await putBranch(repository, request.branch, built.commit, before)))
      throw taken(request.branch, 'was changed or checked out meanwhile');
    return { run, promotion, approved };
  });
}

/** Where the branch is now: nowhere, or where an earlier promotion has left it. Somebody else's is never moved. */
async function branchToWrite(
  repository: Repository,
  run: string,
  branch: string,
  promotions: readonly PromotionRecord[],
): Promise<string | null> {
  if (!(await isBranchName(repository, branch)) || branch.startsWith('autoresearch/')) {
    const why = branch.startsWith('autoresearch/') ? 'such names belong to runs' : 'git has no branches of such names';
    throw new AutoresearchError('USAGE', `the branch cannot be called "${branch}": ${why}`, { hint: `--branch promote-${run}` });
  }
  const tip = await branchTip(repository, branch);
  if (tip === null) return null;
  if (await isCheckedOut(repository.git, branch)) throw taken(branch, 'is checked out, so it stays where it is');
  if (promotions.some((promotion) => promotion.branch === branch && promotion.commit === tip)) return tip;
  throw taken(branch, 'is there already and is not as a promotion of this run has left it');
}

function taken(branch: string, what: string): AutoresearchError {
  return new AutoresearchError('BRANCH_EXISTS', `the branch ${branch} ${what}`, {
    hint: 'nothing of it was changed; choose another --branch',
  });
}

function refuseEmpty({ changes, leftOut }: Built): void {
  if (changes.length > 0) return;
  throw new AutoresearchError('PROMOTE_CONFLICT', `no approved change can be promoted: ${leftOut.map(({ text }) => text).join('; ')}`, {
    hint: 'approve what they were made on, or choose another --onto',
  });
}

/** With the run's own trainer, metrics and guards. */
async function audited(
  { repository, record, runDir }: StoppedRun,
  { log, signal, trials, onAssembled, onTrial }: PromoteRequest,
  token: string,
  promoted: string,
  onto: string,
): Promise<PromotionAudit> {
  const { config, uses } = await resolveRecorded(record.opening.config, repository.projectDir);
  const assembly = await assemble(config, withoutReporters(uses), { log, signal, projectDir: repository.projectDir, token });
  onAssembled(assembly);
  try {
    const state = stateOf(record.run, config, assembly, record.opening);
    await foldLedger(state, repository.git, record);
    const earlier = promotionsOf(record.sessions).length;
    return await withMeasurer({ assembly, repository, state, base: record.opening.base, runDir, signal, log }, (measurer) =>
      auditPromotion({ measurer, state, promoted, onto, trials, earlier, onTrial }),
    );
  } finally {
    await disposeAll(assembly.instances, log.warn);
  }
}
