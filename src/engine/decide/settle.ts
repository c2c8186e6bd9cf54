import type { Basis, SettledExperiment } from '../../experiment.ts';
import { verdict } from '../../events/of-records.ts';
import { boundLog } from '../../ledger/ledger.ts';
import { settled as settledRecord } from '../../model/experiment-states.ts';
import { redactAll } from '../../redact.ts';
import type { Run } from '../engine.ts';
import type { Desk } from '../slots/desk.ts';
import type { Outcome } from './outcome.ts';

/** The commit the next change is made on: the incumbent, else where the run started. */
export function tipOf({ state, base }: Pick<Run, 'state' | 'base'>): string {
  return state.incumbent?.candidate ?? base;
}

/** What the next experiment is made on. */
export function basisOf(run: Pick<Run, 'state' | 'base'>): Basis {
  return { incumbent: run.state.incumbent?.id ?? null, commit: tipOf(run) };
}

/** Writes the verdict to the ledger, moves the branch on a keep, and readies `desk` for the next proposal where that is made there. */
export async function settle(run: Run, desk: Desk | null, outcome: Outcome): Promise<SettledExperiment> {
  const { state, ledger, wal, objects, flight, emit } = run;
  const settled = settledOf(run, await onTip(run, outcome));
  const keep = settled.verdict === 'keep';
  const tip = keep && settled.candidate !== null ? settled.candidate : tipOf(run);
  const branch = keep && (await run.mayMoveBranch(tip)) ? tip : undefined;
  // The two touch different things, and a crash between them is repaired when the run is resumed.
  const both = await Promise.allSettled([ledger.append(settled, { log: boundLog(outcome.log ?? ''), branch }), desk?.restore(tip)]);
  // Both finish before the session cleans up.
  for (const one of both) if (one.status === 'rejected') throw one.reason;
  wal.forget(settled.id);
  state.settle(settled);
  run.baseline.settled();
  emit(verdict(settled, settled.trials.at(-1)?.slot ?? desk?.name ?? ''));
  flight.nothingLeft = null;
  await objects.settled(settled.id);
  return settled;
}

/** A keep that was made on an older commit goes on top of the incumbent, with the files that were measured: so the branch only moves forward. */
async function onTip(run: Run, outcome: Outcome): Promise<Outcome> {
  const { experiment } = outcome;
  if (outcome.verdict !== 'keep' || experiment.state !== 'committed' || experiment.parent === tipOf(run)) return outcome;
  const measured = experiment.candidate;
  return { ...outcome, experiment: { ...experiment, candidate: await run.adopt(measured), measured } };
}

function settledOf({ state, redact, flight }: Run, { experiment, verdict, reason, score, judgements = [] }: Outcome): SettledExperiment {
  const { seconds, elapsed: wallSeconds } = flight.takeSeconds(experiment.id);
  const decision = { experiment, verdict, reason: redactAll(reason, redact), score, judgements: redactAll(judgements, redact) };
  const times = { settledAt: new Date().toISOString(), seconds, ...(wallSeconds < seconds && { wallSeconds }) };
  return settledRecord(decision, { incumbent: state.incumbent, ...times });
}
