/** One small interface for each kind of plugin, with what its methods get and answer. */
import type {
  CommittedExperiment,
  Curve,
  Direction,
  Item,
  Judgement,
  LostAttempt,
  Reason,
  Score,
  ScoredExperiment,
  SettledExperiment,
  Trial,
  TrialExit,
} from '../experiment.ts';
import type { Agent } from './agent.ts';
import type { Lifecycle } from './context.ts';
import type { RunEvent } from './events.ts';
import type { RemoteCheck, RemoteNote, TrialTree } from './remote.ts';
import type { Audit, RunEnd, RunView } from './run-view.ts';

export interface Objective extends Lifecycle {
  /** The metrics the score is made of. */
  readonly metrics: readonly string[];
  readonly direction: Direction;
  /** What the score is called in reports, such as `val_bpb`. */
  readonly label: string;
  score(trials: readonly Trial[], run: RunView): Score | Promise<Score>;
}

export interface TrialRequest {
  readonly experiment: number;
  readonly index: number;
  readonly candidate: string;
  readonly seed: number;
  readonly slot: string;
  /** The project's folder inside the worktree, which holds exactly the candidate commit. */
  readonly cwd: string;
  /** The candidate's files, for trainers that send them to another machine. */
  readonly tree?: TrialTree;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Everything the trainer prints must go here. */
  readonly logFile: string;
  /** Where a trainer on other machines notes its jobs, so that they are found after a crash; it need not be there yet. */
  readonly jobsDir?: string;
  readonly signal: AbortSignal;
  /** To be called with each line of output, so that gates can stop a hopeless trial. */
  onLine(line: string): void;
}

export interface TrialOutcome {
  readonly exit: TrialExit;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly seconds: number;
  readonly peakMemoryMb: number | null;
  /** What went wrong, when something did. */
  readonly detail?: string;
  /** The class of hardware it ran on, where that is another machine. */
  readonly hardware?: string;
  /** Attempts that were lost with their machine before this one ended; all of them, where `exit` is `lost`. */
  readonly lost?: readonly LostAttempt[];
}

export interface Trainer extends Lifecycle {
  train(request: TrialRequest): Promise<TrialOutcome>;
  /** Of a trainer on other machines: tries them, with a trial that does nothing. */
  check?(): Promise<RemoteCheck>;
  /** Ends a job that a session has left; false where there is none any more. Throws where nobody can tell. */
  endJob?(note: RemoteNote): Promise<boolean>;
}

export interface MeasureInput {
  readonly trial: Trial;
  readonly experiment: CommittedExperiment;
  /** The project's folder where the results are: inside the worktree, or inside that of the evaluator. */
  readonly cwd: string;
  /** What the trial printed, at most `maxLogBytes` of it; with `trainer.evaluate` what the evaluator printed. */
  output(): Promise<string>;
  /** Where an evaluator measures: what the trainer printed. It is written by the candidate: use it for curves and not for numbers. */
  trainerOutput?(): Promise<string>;
}

/** A metric's value with what it was made of. */
export interface Measured {
  readonly value: number;
  readonly items?: readonly Item[];
  readonly curve?: Curve;
}

export interface Metric extends Lifecycle {
  /** A finite number; throw a ReasonError when there is none. Never answer 0 for "missing". */
  measure(input: MeasureInput): number | Measured | Promise<number | Measured>;
  /**
   * The point of its curve in one line of a running trial's output, for people who watch: the share of the budget used (0 to 1)
   * and the value there. It is called with every line, so it must be quick. Undefined where the line holds none.
   */
  point?(line: string): readonly [number, number] | undefined;
}

export interface RunningTrial {
  readonly experiment: CommittedExperiment;
  readonly index: number;
  readonly line: string;
  readonly elapsedSeconds: number;
}

/** A judgement without its gate's name, which the engine adds. `more` asks for one more trial. */
export type GateResult = Omit<Judgement, 'gate'>;

/** The result of an audit; the engine adds the time and the commits. */
export type Finding = Omit<Audit, 'at' | 'occasion' | 'final' | 'anchor' | 'back'>;

/** The occasion of an audit, and the means to measure. */
export interface AuditOccasion {
  readonly at: 'end' | 'keeps';
  readonly final: SettledExperiment;
  readonly anchor: SettledExperiment;
  /** The last one that an audit confirmed, else the anchor: where a rollback goes. */
  readonly confirmed: SettledExperiment;
  /** Keeps since the last audit, else since the anchor. */
  readonly keeps: number;
  /** One trial of a commit with a seed of the caller's choice, on held-out data where the config has some. A trial that fails is thrown as a ReasonError. */
  measure(commit: string, seed: number): Promise<Trial>;
  score(trials: readonly Trial[]): Promise<Score>;
  /** The judgements of the other gates on these trials: hard limits and non-inferiority, not improvement. */
  guard(trials: readonly Trial[], anchor: readonly Trial[]): Promise<readonly Judgement[]>;
}

export interface Gate extends Lifecycle {
  /** True when the gate judges against noise: the baseline is then repeated, and controls are run. */
  readonly needsNoise?: boolean;
  /** True when the gate protects what must not get worse: audits ask it again. */
  readonly guards?: boolean;
  /** Measures the run's gain again. Undefined: not on this occasion. */
  audit?(occasion: AuditOccasion, run: RunView): Promise<Finding | undefined>;
  /** True when the gate compares the score with the incumbent's. A config needs one such gate. */
  readonly improvement?: boolean;
  /** Judges the diff before any training time is spent. */
  screen?(candidate: CommittedExperiment, run: RunView): GateResult | Promise<GateResult>;
  /** Sees each line a running trial prints; `stop` ends the trial, which is then discarded. */
  observe?(trial: RunningTrial, run: RunView): { readonly stop: Reason } | undefined | Promise<{ readonly stop: Reason } | undefined>;
  /** `experiment.judgements` holds what the gates before it in the config said of the same trials. */
  judge?(experiment: ScoredExperiment, run: RunView): GateResult | Promise<GateResult>;
}

export interface Reporter extends Lifecycle {
  start?(run: RunView): void | Promise<void>;
  settled?(experiment: SettledExperiment, run: RunView): void | Promise<void>;
  audited?(audit: Audit, run: RunView): void | Promise<void>;
  done?(run: RunView, end: RunEnd): void | Promise<void>;
  /**
   * Every event of the run as it happens, in order, one at a time. The run never waits for it: a reporter that is slow loses
   * the oldest events that wait for it and is told so by `events-lost`; after one that throws, it goes on with the next.
   */
  observe?(event: RunEvent): void | Promise<void>;
}

export interface Roles {
  objective: Objective;
  agent: Agent;
  trainer: Trainer;
  metric: Metric;
  gate: Gate;
  reporter: Reporter;
}
