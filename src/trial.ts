/** One execution of the trainer, as the record has it. */

/** How a trial's process ended; a bad end is a value, never an exception. `lost` with its machine says nothing about the change. */
export type TrialExit = 'completed' | 'failed' | 'timed-out' | 'aborted' | 'stopped' | 'lost';

/** An attempt at a trial that was lost with its machine. */
export interface LostAttempt {
  readonly cause: string;
  /** It brought a result after it had been given up, which does not count. */
  readonly endedLate?: true;
}

/** One value of a metric that is measured over many things: a document, a request, a test. */
export interface Item {
  readonly id: string;
  readonly value: number;
  /** The group it belongs to, such as a regulated field; guards can watch single groups. */
  readonly group?: string;
}

/** The values of a metric during a trial: pairs of the share of the budget used (0 to 1) and the value there. */
export type Curve = readonly (readonly [number, number])[];

/** One execution of the trainer. Seconds are wall clock; memory is MiB over the whole process tree. */
export interface Trial {
  readonly index: number;
  readonly state: 'finished' | 'measured';
  readonly seed: number;
  readonly slot: string;
  /** The class of the slot's hardware, such as a model of GPU. Scores of different classes are not compared. */
  readonly hardware?: string;
  /** Attempts before it that were lost with their machine, or all there were. */
  readonly lost?: readonly LostAttempt[];
  readonly commit: string;
  readonly startedAt: string;
  readonly exit: TrialExit;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly seconds: number;
  readonly peakMemoryMb: number | null;
  /** Empty until measured. */
  readonly metrics: Readonly<Record<string, number>>;
  /** By metric, where the metric has them. */
  readonly curves?: Readonly<Record<string, Curve>>;
  /** With `trainer.evaluate`; absent where the trial did not get that far. */
  readonly evaluation?: Evaluation;
  /** By metric, where the metric has them. Kept beside the record, because they can be many. */
  readonly items?: Readonly<Record<string, readonly Item[]>>;
}

/** How the outputs of a trial were measured in the evaluation stage. */
export interface Evaluation {
  readonly seconds: number;
  readonly peakMemoryMb: number | null;
  /** Where the evaluator asked a program of the candidate: how long it waited for how many answers. */
  readonly predict?: { readonly seconds: number; readonly batches: number; readonly peakMemoryMb: number | null };
  /** The sha256 of the list of the evaluator's files: all that the commit holds and no agent may edit. */
  readonly evaluator: string;
  /** By path, the sha256 of what was handed over, and of what was shown instead of the path in an audit. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}
