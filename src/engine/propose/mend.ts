import { deepFreeze, type CommittedExperiment, type CrashedAttempt, type ProposedExperiment } from '../../experiment.ts';
import { commitsBefore } from '../../ledger/records.ts';
import { asProposed } from '../../model/experiment-states.ts';
import { redactAll } from '../../redact.ts';
import type { Run } from '../engine.ts';
import type { Outcome } from '../decide/outcome.ts';
import type { Desk } from '../slots/desk.ts';
import { RANK } from '../slots/pool.ts';
import type { Seat } from '../slots/seat.ts';
import { giveBack } from './give-back.ts';

/** Crashes that the candidate may have caused, by the report of the trainer or a metric. An agent cannot fix an error in a plugin. */
const MENDABLE = /^(TRIAL_|METRIC_|OUT_OF_MEMORY|DISK_LIMIT|PROCESS_LIMIT)/;

/**
 * Gives a candidate that crashed back to its agent, with the log. The next commit of the same experiment is made on the
 * same parent. If the agent may not, cannot or does not want to fix it, the outcome stays.
 */
export async function mend(run: Run, seat: Seat, outcome: Outcome): Promise<ProposedExperiment | Outcome> {
  const { experiment, verdict, reason, log } = outcome;
  if (verdict !== 'crash' || experiment.state !== 'committed' || !MENDABLE.test(reason.code)) return outcome;
  const { id, candidate, proposal: before, crashed = [] } = experiment;
  if (experiment.kind !== 'change') return outcome;
  const fix = { agent: before.agent, candidate, title: before.title, reason, log: log ?? '', round: crashed.length + 1 };
  const desk = await seat.toDesk({ isAhead: run.plan().lookahead > 0, rank: RANK.measure });
  const { proposal, tampered, report } = await giveBack(run, asProposed(experiment), { desk, fix, prepare: () => desk.restore(candidate) });
  if (tampered) return { experiment: deepFreeze({ ...experiment, proposal }), verdict: 'discard', reason: tampered };
  if (report === null || (await isUnchanged(desk, experiment))) return { ...outcome, experiment: deepFreeze({ ...experiment, proposal }) };
  const words = redactAll({ reason, fix: report.title }, run.redact);
  const attempt: CrashedAttempt = { candidate, trials: experiment.trials, ...words };
  const again: ProposedExperiment = deepFreeze({ ...asProposed(experiment), proposal, crashed: [...crashed, attempt] });
  await run.objects.pin(id, commitsBefore(again));
  run.wal.write(again, desk.name);
  return again;
}

async function isUnchanged({ worktree }: Desk, { parent, key }: CommittedExperiment): Promise<boolean> {
  const changes = await worktree.changes(parent);
  return changes.length === 0 || worktree.keyOf(changes, parent) === key;
}
