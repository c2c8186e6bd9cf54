import { parseDuration } from '../../duration.ts';
import { TrialOutput } from '../../events/trial-output.ts';
import type { CommittedExperiment } from '../../experiment.ts';
import type { Stage, Subject } from '../../plugin.ts';
import type { TrialEngine } from '../engine.ts';
import type { TrialResult } from './trial-result.ts';

interface NewTrial {
  readonly index: number;
  readonly seed: number;
  /** Default: what the experiment is. */
  readonly subject: Subject | undefined;
}

/** Tells of one trial: that it started, what it prints, which stage it is in, and its result. */
export function tellTrial({ config, emit, curves, slot: { name: slot } }: TrialEngine, experiment: CommittedExperiment, trial: NewTrial) {
  const { index, seed, subject = experiment.kind } = trial;
  const name = { experiment: experiment.id, slot, index, subject };
  const stage = (now: Stage) => emit({ type: 'stage-changed', experiment: experiment.id, slot, stage: now, subject });
  const timeoutSeconds = parseDuration(config.trainer.timeout) / 1000;
  stage('train');
  emit({ type: 'trial-started', ...name, seed, commit: experiment.candidate, timeoutSeconds });
  const output = new TrialOutput(emit, name, curves);
  return {
    stage,
    line: (line: string) => output.line(line),
    /** The trainer has ended: everything it printed is told. */
    trained: () => output.flush(),
    finished({ experiment: { trials }, failure }: TrialResult): void {
      const done = trials.at(-1);
      if (done === undefined) return;
      const { exit, seconds, peakMemoryMb, metrics } = done;
      emit({ type: 'trial-finished', ...name, seed, exit, seconds, peakMemoryMb, metrics, ...(failure && { failure: failure.reason }) });
    },
  };
}
