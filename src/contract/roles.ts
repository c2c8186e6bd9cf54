/** One small interface for each kind of plugin, with what its methods get and answer. */
import type {
  CommittedExperiment,
  Curve,
  Direction,
  Item,
  Judgement,
  Reason,
  ReportSource,
  Scalar,
  Score,
  ScoredExperiment,
  SettledExperiment,
  Trial,
  TrialExit,
  Usage,
} from '../experiment.ts';
import type { Preflight } from './context.ts';
import type { Audit, RunEnd, RunView } from './run-view.ts';

interface Common {
  /** Looks, before the run, whether everything it needs is there. */
  verify?(preflight: Preflight): void | Promise<void>;
  /** Called once at the end, also after a failure; calling it twice must be harmless. */
  dispose?(): void | Promise<void>;
}

export interface Objective extends Common {
  /** The metrics the score is made of. */
  readonly metrics: readonly string[];
  readonly direction: Direction;
  /** What the score is called in reports, such as `val_bpb`. */
  readonly label: string;
  score(trials: readonly Trial[], run: RunView): Score | Promise<Score>;
}

export interface Brief {
  readonly id: number;
  /** 0 for the first try of this experiment. */
  readonly attempt: number;
  /** The project's folder inside the worktree: the place to edit. */
  readonly cwd: string;
  readonly parent: string;
  /** Differs for every experiment and is the same when the experiment is repeated. */
  readonly seed: number;
  /** The direction as the human wrote it, read again for every experiment. */
  readonly program: string;
  readonly scope: { readonly edit: readonly string[]; readonly protect: readonly string[] };
  readonly run: RunView;
  /** A folder outside the worktree where the agent's own files may go. */
  readonly scratchDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Report {
  readonly title: string;
  readonly hypothesis?: string;
  readonly rationale?: string;
  readonly risks?: readonly string[];
  readonly expected?: { readonly delta?: number; readonly confidence?: number };
  readonly params?: Readonly<Record<string, Scalar>>;
  readonly source: ReportSource;
}

export type AgentResult =
  | { readonly status: 'proposed'; readonly report: Report; readonly usage?: Usage }
  /** The agent had nothing to change this time: a discard, without training. */
  | { readonly status: 'no-change'; readonly report: Report; readonly usage?: Usage }
  /** The agent has nothing left to try: the next one in the chain is asked, else the run ends. */
  | { readonly status: 'exhausted'; readonly reason: string }
  | { readonly status: 'failed'; readonly kind: string; readonly message: string; readonly retryable: boolean; readonly usage?: Usage };

export interface Agent extends Common {
  /** Edits files below `brief.cwd`. What was changed is read from git, never from the answer. */
  propose(brief: Brief): Promise<AgentResult>;
}

export interface TrialRequest {
  readonly experiment: number;
  readonly index: number;
  readonly candidate: string;
  readonly seed: number;
  readonly slot: string;
  /** The project's folder inside the worktree, which holds exactly the candidate commit. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Everything the trainer prints must go here. */
  readonly logFile: string;
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
}

export interface Trainer extends Common {
  train(request: TrialRequest): Promise<TrialOutcome>;
}

export interface MeasureInput {
  readonly trial: Trial;
  readonly experiment: CommittedExperiment;
  /** The project's folder inside the worktree. */
  readonly cwd: string;
  /** The log of the trial, at most `maxLogBytes` of it. */
  output(): Promise<string>;
}

/** A metric's value with what it was made of. */
export interface Measured {
  readonly value: number;
  readonly items?: readonly Item[];
  readonly curve?: Curve;
}

export interface Metric extends Common {
  /** A finite number; throw a ReasonError when there is none. Never answer 0 for "missing". */
  measure(input: MeasureInput): number | Measured | Promise<number | Measured>;
}

export interface RunningTrial {
  readonly experiment: CommittedExperiment;
  readonly index: number;
  readonly line: string;
  readonly elapsedSeconds: number;
}

/** A judgement without its gate's name, which the engine adds. `more` asks for one more trial. */
export type GateResult = Omit<Judgement, 'gate'>;

/** What an audit found; the engine adds when and of what. */
export type Finding = Omit<Audit, 'at' | 'occasion' | 'final' | 'anchor' | 'back'>;

/** When a claim is to be measured again, and the way to measure. */
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
  /** What the other gates say of these trials: their hard limits and non-inferiority, not improvement. */
  guard(trials: readonly Trial[], anchor: readonly Trial[]): Promise<readonly Judgement[]>;
}

export interface Gate extends Common {
  /** True when the gate judges against noise: the baseline is then repeated, and controls are run. */
  readonly needsNoise?: boolean;
  /** True when the gate protects what must not get worse: audits ask it again. */
  readonly guards?: boolean;
  /** Measures a claim again. Undefined: not on this occasion. */
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

export interface Reporter extends Common {
  start?(run: RunView): void | Promise<void>;
  settled?(experiment: SettledExperiment, run: RunView): void | Promise<void>;
  audited?(audit: Audit, run: RunView): void | Promise<void>;
  done?(run: RunView, end: RunEnd): void | Promise<void>;
}

export interface Roles {
  objective: Objective;
  agent: Agent;
  trainer: Trainer;
  metric: Metric;
  gate: Gate;
  reporter: Reporter;
}
