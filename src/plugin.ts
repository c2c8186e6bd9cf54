/**
 * The public contract for plugin authors: `import { definePlugin } from 'autoresearch/plugin'`.
 * Types, `definePlugin` and two error classes; importing it loads nothing else.
 */
import type { FromSchema, OptionsSchema } from './plugins/options-schema.ts';
import type { Hooks } from './hooks.ts';
import type {
  CommittedExperiment,
  Direction,
  Judgement,
  Scalar,
  Score,
  ScoredExperiment,
  SettledExperiment,
  Trial,
  Usage,
  Verdict,
  Reason,
  TrialExit,
  ReportSource,
} from './experiment.ts';

export type { FromSchema, OptionsSchema } from './plugins/options-schema.ts';
export type { HookFacade, Hooks } from './hooks.ts';
export type * from './experiment.ts';
export { better, gain } from './experiment.ts';

/** The version of this contract; a plugin states the one it was written for. */
export const API_VERSION = 1;

export type Kind = 'objective' | 'agent' | 'trainer' | 'metric' | 'gate' | 'reporter';

/** A known failure inside a plugin: its code and text become the reason of the verdict. */
export class ReasonError extends Error {
  readonly code: string;
  constructor(code: string, text: string) {
    super(text);
    this.name = 'ReasonError';
    this.code = code;
  }
}

/* ------------------------------------------------------------------ what plugins are given */

export interface ExecOptions {
  readonly cwd?: string;
  /** The whole environment of the child; nothing is inherited. Default: the allow-list of the config. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly timeoutMs?: number;
  /** Where stdout and stderr go together; without it the tail is kept in memory only. */
  readonly logFile?: string;
  /** How much of the output the log file holds at most: its start and its end. Default 8 MiB. */
  readonly maxLogBytes?: number;
  readonly signal?: AbortSignal;
  /** Called with each complete line of output (lines are cut at 4 KiB). */
  readonly onLine?: (line: string) => void;
}

export interface ExecResult {
  readonly exit: Exclude<TrialExit, 'stopped'>;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly seconds: number;
  /** The largest memory of the process tree seen, in MiB; null where it cannot be read. */
  readonly peakMemoryMb: number | null;
  /** The last 64 KiB of stdout and stderr. */
  readonly tail: string;
  readonly outputBytes: number;
  /** Bytes in the middle of the output that the log file does not hold. */
  readonly droppedBytes: number;
  /** Why the program could not be started at all, such as ENOENT. */
  readonly spawnError?: string;
}

export interface Log {
  info(message: string): void;
  warn(message: string): void;
  debug(message: string): void;
}

/** What every plugin gets when it is created. Creation must not read, write or start anything. */
export interface PluginContext {
  /** The place in the config, such as `gates[1]` or `metrics.val_bpb`. */
  readonly path: string;
  /** The name to show: the metric's key, else the plugin's name. */
  readonly label: string;
  /** The project's folder: relative paths of the config start here. */
  readonly projectDir: string;
  readonly seed: number;
  /** Aborted when the run is being stopped. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Runs a program in its own process group; always settles, and leaves no process behind. */
  exec(argv: readonly [string, ...string[]], options?: ExecOptions): Promise<ExecResult>;
}

/** One settled experiment as the loop remembers it. */
export interface Summary {
  readonly id: number;
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly title: string;
  readonly agent: string;
  readonly params?: Readonly<Record<string, Scalar>>;
  readonly score: number | null;
  readonly delta: number | null;
  readonly parent: string;
  readonly candidate: string | null;
  readonly seconds: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A read-only view of the run, always current. */
export interface RunView {
  readonly name: string;
  readonly seed: number;
  readonly objective: { readonly label: string; readonly direction: Direction };
  readonly baseline: SettledExperiment | null;
  readonly incumbent: SettledExperiment | null;
  /** Every settled experiment, oldest first. */
  readonly history: readonly Summary[];
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Experiments since the last keep, and crashes since the last experiment that did not crash. */
  readonly sinceKeep: number;
  readonly crashesInARow: number;
  /** Seconds and dollars used by settled experiments, over all sessions of the run. */
  readonly seconds: number;
  readonly usd: number;
  /** What the run may still use; a limit that is not set is absent. */
  readonly budget: { readonly experiments?: number; readonly seconds?: number; readonly usd?: number };
}

/** Collects the problems a plugin finds before the run starts; all are shown at once. */
export interface Preflight {
  readonly projectDir: string;
  readonly metrics: readonly string[];
  /** Editable files as they are in the commit the run starts from. */
  readonly editable: readonly string[];
  /** Reads a file of the project as it is in the commit the run starts from; null if it has none. */
  readCommitted(path: string): Promise<string | null>;
  problem(code: string, message: string, hint?: string): void;
}

/* ------------------------------------------------------------------ one interface per kind */

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

export interface Metric extends Common {
  /** A finite number; throw a ReasonError when there is none. Never answer 0 for "missing". */
  measure(input: MeasureInput): number | Promise<number>;
}

export interface RunningTrial {
  readonly experiment: CommittedExperiment;
  readonly index: number;
  readonly line: string;
  readonly elapsedSeconds: number;
}

/** A judgement without its gate's name, which the engine adds. `more` asks for one more trial. */
export type GateResult = Omit<Judgement, 'gate'>;

export interface Gate extends Common {
  /** True when the gate compares the score with the incumbent's. A config needs one such gate. */
  readonly improvement?: boolean;
  /** Judges the diff before any training time is spent. */
  screen?(candidate: CommittedExperiment, run: RunView): GateResult | Promise<GateResult>;
  /** Sees each line a running trial prints; `stop` ends the trial, which is then discarded. */
  observe?(trial: RunningTrial, run: RunView): { readonly stop: Reason } | undefined | Promise<{ readonly stop: Reason } | undefined>;
  judge?(experiment: ScoredExperiment, run: RunView): GateResult | Promise<GateResult>;
}

/** How a run ended, for the last report. */
export interface RunEnd {
  readonly outcome: 'stopped' | 'interrupted' | 'failed';
  readonly reason: Reason;
}

export interface Reporter extends Common {
  start?(run: RunView): void | Promise<void>;
  settled?(experiment: SettledExperiment, run: RunView): void | Promise<void>;
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

/* ------------------------------------------------------------------ the definition */

export interface Definition<K extends Kind = Kind, S extends OptionsSchema | false = OptionsSchema | false> {
  readonly kind: K;
  readonly name: string;
  readonly apiVersion: typeof API_VERSION;
  /** One sentence, shown in the editor and in the docs. */
  readonly description: string;
  /** A closed JSON schema (`additionalProperties: false`), or false for a plugin without options. */
  readonly schema: S;
  create(options: S extends OptionsSchema ? FromSchema<S> : Record<string, never>, context: PluginContext): Roles[K];
  /** For what the kind's interface does not offer: taps any hook. The facade cannot call hooks. */
  apply?(hooks: Hooks, options: S extends OptionsSchema ? FromSchema<S> : Record<string, never>, context: PluginContext): void;
}

/** Names the types of a plugin; its options are inferred from the schema. */
export function definePlugin<const K extends Kind, const S extends OptionsSchema | false>(definition: Definition<K, S>): Definition<K, S> {
  return definition;
}

/** A definition whose option types are not known: what a loader holds. */
export type AnyDefinition = {
  [K in Kind]: Omit<Definition<K, false>, 'create' | 'apply' | 'schema'> & {
    readonly schema: OptionsSchema | false;
    create(options: never, context: PluginContext): Roles[K];
    apply?(hooks: Hooks, options: never, context: PluginContext): void;
  };
}[Kind];

