import { deepFreeze, type CommittedExperiment, type CrashedAttempt, type ProposedExperiment } from '../../experiment.ts';
import { askAgents } from './ask-agents.ts';
import { briefOf } from './brief.ts';
import { proposed as proposedRecord } from '../../model/experiment-states.ts';
import { redactAll } from '../../redact.ts';
import type { Run } from '../engine.ts';
import type { Outcome } from '../decide/outcome.ts';
import type { Desk } from '../slots/desk.ts';
import { RANK } from '../slots/pool.ts';
import type { Seat } from '../slots/seat.ts';
import { takeUsage } from './agent-chain.ts';
import { isEmptyUsage } from './usage.ts';
import { prepareScratch } from './scratch.ts';

/** Crashes that the candidate may have caused, by the report of the trainer or a metric. An agent cannot fix an error in a plugin. */
const MENDABLE = /^(TRIAL_|METRIC_|OUT_OF_MEMORY|DISK_LIMIT|PROCESS_LIMIT)/;

/**
 * Gives a candidate that crashed back to its agent, with the log. The next commit of the same experiment is made on the
 * same parent. If the agent may not, cannot or does not want to fix it, the outcome stays.
 */
export async function mend(run: Run, seat: Seat, outcome: Outcome): Promise<ProposedExperiment | Outcome> {
  const { experiment, verdict, reason, log } = outcome;
  if (verdict !== 'crash' || experiment.state !== 'committed' || !MENDABLE.test(reason.code)) return outcome;
  const { id, parent, candidate, proposal: before, crashed = [] } = experiment;
  if (experiment.kind !== 'change') return outcome;
  const fix = { agent: before.agent, candidate, title: before.title, reason, log: log ?? '', round: crashed.length + 1 };
  const desk = await seat.toDesk({ isAhead: run.pace.lookahead > 0, rank: RANK.measure });
  await desk.restore(candidate);
  const brief = briefOf(run, desk, id, parent, fix);
  prepareScratch(brief.scratchDir);
  run.emit({ type: 'stage-changed', experiment: id, stage: 'propose', subject: 'change' });
  const asking = run.chain.open(brief, () => desk.startOver(candidate));
  const proposed = await desk.work(() => run.quiet.beside(() => askAgents(run, brief, asking)));
  const tampered = desk.seals.afterProposal();
  const usage = takeUsage(asking, before.usage);
  run.chain.close(brief);
  const proposal = isEmptyUsage(usage) ? before : { ...before, usage };
  if (tampered) return { experiment: deepFreeze({ ...experiment, proposal }), verdict: 'discard', reason: tampered };
  if (proposed?.result.status !== 'proposed' || (await isUnchanged(desk, experiment)))
    return { ...outcome, experiment: deepFreeze({ ...experiment, proposal }) };
  const words = redactAll({ reason, fix: proposed.result.report.title }, run.redact);
  const attempt: CrashedAttempt = { candidate, trials: experiment.trials, ...words };
  const { run: name, kind, basis, startedAt } = experiment;
  const again = proposedRecord({ run: name, id, kind, basis, startedAt, crashed: [...crashed, attempt] }, proposal);
  await run.objects.pin(
    id,
    (again.crashed ?? []).map((each) => each.candidate),
  );
  run.wal.write(again, desk.name);
  return again;
}

async function isUnchanged({ worktree }: Desk, { parent, key }: CommittedExperiment): Promise<boolean> {
  const changes = await worktree.changes(parent);
  return changes.length === 0 || worktree.keyOf(changes, parent) === key;
}
