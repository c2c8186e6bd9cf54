/** What happens in one experiment and in its trials: the part of the events that there are most of. */
import type { Reason, TrialExit } from '../experiment.ts';

/**
 * What is measured: a change; nothing changed; the incumbent again, to see whether the machine drifts; the incumbent beside a
 * change, with `trainer.interleave`; or the run's gain again.
 */
export type Subject = 'change' | 'baseline' | 'control' | 'incumbent' | 'audit';

/** What is done just now, in this order; `wait` is for the service of an agent, `evaluate` the second stage of a trial. */
export type Stage = 'propose' | 'wait' | 'screen' | 'train' | 'evaluate' | 'measure' | 'judge';

/** What every event has. */
export interface Happened {
  /** 1 for the first event of the run; each one is higher than the one before, over all sessions. */
  readonly seq: number;
  /** ISO time. */
  readonly at: string;
}

/** An event of one experiment. Several may be under way at once, each trial in a slot of its own. */
export interface OfExperiment extends Happened {
  readonly experiment: number;
  /** Absent where none is taken up, as while an agent works without one. */
  readonly slot?: string;
}

/** An event of one trial. `index` counts the experiment's trials from 0; an audit's have 0, and their commit and seed tell them apart. */
export interface OfTrial extends OfExperiment {
  readonly slot: string;
  readonly index: number;
  readonly subject: Subject;
}

export interface TrialStarted extends OfTrial {
  readonly type: 'trial-started';
  readonly seed: number;
  readonly commit: string;
  readonly timeoutSeconds: number;
}

/** What the trial printed since the last batch: at most four batches a second, and 8 KiB of text in each. */
export interface TrialLines extends OfTrial {
  readonly type: 'trial-lines';
  readonly lines: readonly string[];
  /** Lines left out before these, because there were too many. */
  readonly dropped: number;
  /** Since the trial started. */
  readonly elapsedSeconds: number;
}

/** A point of a metric's curve, read from the trial's output; several of one moment together. */
export interface CurvePoints extends OfTrial {
  readonly type: 'curve-points';
  /** The metric. */
  readonly name: string;
  /** Pairs of the share of the budget used (0 to 1) and the value there, as in a trial's `curves`. */
  readonly points: readonly (readonly [number, number])[];
  readonly elapsedSeconds: number;
}

export interface TrialFinished extends OfTrial {
  readonly type: 'trial-finished';
  readonly seed: number;
  readonly exit: TrialExit;
  readonly seconds: number;
  readonly peakMemoryMb: number | null;
  /** What was measured. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Why it does not count. */
  readonly failure?: Reason;
}
