/** The one place that turns a failed trial outside the loop into a reason that records and the command line can show. */
import type { CommittedExperiment, Trial } from '../../experiment.ts';
import { ReasonError } from '../../plugin.ts';
import type { TrialEngine } from '../engine.ts';
import { crashOf } from '../decide/outcome.ts';
import { runTrial, type TrialPlan } from './trial.ts';

/** @throws ReasonError where the trial has no result: its code and text say why, `log` is what the trainer printed */
export async function trialOrReason(engine: TrialEngine, subject: CommittedExperiment, plan: TrialPlan): Promise<Trial> {
  const { experiment, failure, log } = await reasoned(engine.signal, () => runTrial(engine, subject, plan));
  const trial = experiment.trials.at(-1);
  if (failure) throw new ReasonError(failure.reason.code, failure.reason.text, log);
  if (trial === undefined) throw new ReasonError('NO_TRAINER', 'no trainer answered');
  return trial;
}

/** What plugins throw becomes a reason; bugs and an abort stay what they are. */
export async function reasoned<T>(signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ReasonError) throw error;
    const { code, text } = crashOf(error);
    throw new ReasonError(code, text);
  }
}
