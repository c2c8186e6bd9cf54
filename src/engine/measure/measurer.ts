import type { CommittedExperiment, Judgement, Score, Trial } from '../../experiment.ts';
import type { MeasurementFile } from '../../ledger/wal.ts';
import { withTrials } from '../../model/experiment-states.ts';
import { ReasonError } from '../../plugin.ts';
import { hasHoldout } from '../../config/splits.ts';
import { crashOf } from '../decide/outcome.ts';
import { scoreOf } from '../decide/score.ts';
import type { TrialEngine } from '../engine.ts';
import { guard } from './guard.ts';
import { runTrial } from './trial.ts';

/**
 * Measures commits outside of experiments: in audits, ablations, transfers, promotions and `check --measure`. Every failure
 * of a plugin is thrown as a ReasonError.
 */
export interface Measurer {
  /** One trial, on held-out data if the config has some. A ReasonError's `log` is what the trainer printed. */
  measure(commit: string, seed: number): Promise<Trial>;
  /** The objective's number for trials of one commit. */
  score(trials: readonly Trial[]): Promise<Score>;
  /** The judgements of the protecting gates on a commit's trials, compared with another commit's. */
  guard(trials: readonly Trial[], against: readonly Trial[]): Promise<readonly Judgement[]>;
}

interface MeasurerInput {
  readonly engine: TrialEngine;
  /** The experiment that a commit is measured as, without trials. */
  readonly experimentOf: (commit: string | undefined) => CommittedExperiment;
  /** Keeps the trials, so that a kill costs none of them. `purpose` says what they are for. */
  readonly kept?: { readonly file: MeasurementFile; readonly purpose: string } | undefined;
  /** What must be done around each trial. */
  readonly around?: (trial: () => Promise<Trial>) => Promise<Trial>;
}

export function createMeasurer({ engine, experimentOf, kept, around = (trial) => trial() }: MeasurerInput): Measurer {
  const { config, hooks, state, signal } = engine;
  const isHoldout = hasHoldout(config);
  const measured = (trials: readonly Trial[]) => withTrials(experimentOf(trials[0]?.commit), trials);
  const measureNow = (commit: string, seed: number) =>
    around(() => reasoned(signal, () => trialOf(engine, experimentOf(commit), { seed, isHoldout })));
  return {
    measure: (commit, seed) =>
      kept ? kept.file.trial(kept.purpose, { commit, seed }, () => measureNow(commit, seed)) : measureNow(commit, seed),
    score: (trials) => reasoned(signal, () => scoreOf(hooks, measured(trials), state.view)),
    async guard(trials, against) {
      const { anchor } = state;
      if (anchor === null) return [];
      const other = withTrials({ ...anchor, candidate: against[0]?.commit ?? anchor.candidate }, against);
      return reasoned(signal, () => guard(hooks, measured(trials), state.withAnchor(other)));
    },
  };
}

async function trialOf(engine: TrialEngine, experiment: CommittedExperiment, plan: { seed: number; isHoldout: boolean }): Promise<Trial> {
  const { experiment: after, failure, log } = await runTrial(engine, experiment, plan);
  if (failure) throw new ReasonError(failure.reason.code, failure.reason.text, log);
  const trial = after.trials.at(-1);
  if (trial === undefined) throw new ReasonError('NO_TRAINER', 'no trainer answered');
  return trial;
}

/** What plugins throw becomes a reason; bugs and an abort stay what they are. */
async function reasoned<T>(signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ReasonError) throw error;
    const { code, text } = crashOf(error);
    throw new ReasonError(code, text);
  }
}
