import { deepFreeze, type CommittedExperiment, type SettledExperiment, type Trial } from '../../experiment.ts';
import { commitsBefore } from '../../ledger/records.ts';
import { asCommitted, withTrials } from '../../model/experiment-states.ts';
import type { Run } from '../engine.ts';
import type { Slot } from '../slots/desk.ts';
import { loopSeed } from './seeds.ts';
import type { TrialResult } from './trial-result.ts';
import { runTrial } from './trial.ts';

type RunInSlot = Run & { readonly slot: Slot };

/** One trial of the candidate; with `trainer.interleave` also one of the incumbent, on the same seed, now after it and now before it. */
export async function runTurn(run: Run, slot: Slot, experiment: CommittedExperiment): Promise<TrialResult> {
  const engine: RunInSlot = { ...run, slot };
  const incumbent = besideOf(run, experiment);
  if (incumbent === null) return runTrial(engine, experiment);
  await run.objects.pin(experiment.id, [experiment.candidate, ...commitsBefore(experiment)]);
  const isFirst = (experiment.id + experiment.trials.length) % 2 === 0;
  if (isFirst) {
    const result = await runTrial(engine, experiment);
    return result.failure ? result : withBeside(result, await runIncumbent(engine, incumbent, experiment));
  }
  const other = await runIncumbent(engine, incumbent, experiment);
  return other.failure ? withBeside(unmeasured(experiment), other) : withBeside(await runTrial(engine, experiment), other);
}

/**
 * The experiment without its trials, if another commit has become the incumbent since: pairs with the former incumbent say
 * nothing about the new one.
 */
export function againWhereStale({ state }: Pick<Run, 'state'>, experiment: CommittedExperiment): CommittedExperiment {
  const [first] = experiment.beside ?? [];
  if (first === undefined || first.commit === state.incumbent?.candidate) return experiment;
  const { beside: _beside, ...rest } = experiment;
  return withTrials(rest, []);
}

/** The commit that runs beside this experiment; null for the baseline and controls, which are compared with nothing. */
function besideOf({ config, state }: Run, { parent, candidate }: CommittedExperiment): SettledExperiment | null {
  return config.trainer.interleave && candidate !== parent ? state.incumbent : null;
}

async function runIncumbent(engine: RunInSlot, incumbent: SettledExperiment, experiment: CommittedExperiment): Promise<TrialResult> {
  const { id, trials, beside = [] } = experiment;
  const subject = { ...withTrials(asCommitted(incumbent, engine.base), beside.slice(0, trials.length)), id };
  try {
    return await runTrial(engine, subject, { seed: loopSeed(engine, experiment, trials.length), isHoldout: false, subject: 'incumbent' });
  } finally {
    // The candidate's files must be there for its own trial, and for whatever looks at the worktree after it.
    await engine.slot.restore(experiment.candidate);
  }
}

/** The candidate's trial with the incumbent's put beside it. */
function withBeside({ experiment, log, failure }: TrialResult, other: TrialResult): TrialResult {
  const trial: Trial | undefined = other.experiment.trials.at(-1);
  const beside = [...(experiment.beside ?? []), ...(trial ? [trial] : [])];
  return { experiment: deepFreeze({ ...experiment, beside }), log, failure: failure ?? besideFailure(other) };
}

function unmeasured(experiment: CommittedExperiment): TrialResult {
  return { experiment, log: '', failure: null };
}

/** Without the incumbent's trial, the candidate cannot be judged. */
function besideFailure({ failure }: TrialResult): TrialResult['failure'] {
  if (failure === null) return null;
  const { code, text } = failure.reason;
  return { verdict: 'crash', reason: { code: 'INCUMBENT_FAILED', text: `the incumbent's trial beside it has failed: ${code}: ${text}` } };
}
