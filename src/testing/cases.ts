import type { CommittedExperiment } from '../experiment.ts';
import type { Brief, GateResult, Kind, RunView, ScoredExperiment, Trial } from '../plugin.ts';
import type { Runner } from './runner.ts';

/** Options as a user writes them below `with:`. */
export type Options = Readonly<Record<string, unknown>>;

/** Files below a folder, by path; bytes where they are no text. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What one trial left behind for a metric to read. */
export interface MetricCase {
  /** The options to use; default: the first of `options.valid`. */
  readonly options?: Options;
  /** What the trainer printed. */
  readonly output?: string;
  /** Files below the project's folder. */
  readonly files?: Files;
  /** Fields of the trial itself, such as its peak memory. */
  readonly trial?: Partial<Trial>;
  /** Fields of the experiment, such as its diff. */
  readonly experiment?: Partial<CommittedExperiment>;
}

export interface GateCase {
  readonly name: string;
  readonly options?: Options;
  /** Options for the mirrored run, where the plain ones have a direction. Default: the same. */
  readonly mirrorOptions?: Options;
  readonly experiment?: Partial<ScoredExperiment>;
  readonly run?: Partial<RunView>;
  /** The outcome of `judge`, where the author wants it checked. */
  readonly expect?: GateResult['outcome'];
}

/** The cases an author of a plugin adds, because the tests cannot invent them. */
export interface CasesByKind {
  objective: {
    readonly trials?: readonly Partial<Trial>[];
    /** Fields of the run, such as a baseline that has the metrics. */
    readonly run?: Partial<RunView>;
  };
  agent: {
    readonly options?: Options;
    /** Files of the worktree, for an agent that reads some. */
    readonly files?: Files;
    readonly brief?: Partial<Brief>;
  };
  trainer: {
    /** Options of a trainer that starts a child process in the background and runs for a minute. */
    readonly hang: { readonly options: Options };
    /** Options of a trainer whose program ends with an exit code other than 0. */
    readonly fail?: { readonly options: Options };
    /** Options of a trainer whose program prints this line. */
    readonly print?: { readonly options: Options; readonly line: string };
  };
  metric: {
    readonly present: MetricCase & { readonly value: number };
    /** The case without the value; false where a trial always has one. */
    readonly missing: MetricCase | false;
    /** The case with NaN for a value; default: `present` with its number replaced. False where a value is always a number. */
    readonly nan?: MetricCase | false;
  };
  gate: readonly GateCase[];
  reporter: Record<string, never>;
}

/** `options` for every kind; `cases` as the kind asks. */
export type PluginTest<K extends Kind = Kind> = {
  readonly options: { readonly valid: readonly Options[]; readonly invalid: readonly Options[] };
  /** How long one call may take in milliseconds; default 20,000. */
  readonly limitMs?: number;
  /** The test runner; default: the one this process runs under. */
  readonly runner?: Runner;
} & (K extends 'metric' | 'trainer' ? { readonly cases: CasesByKind[K] } : { readonly cases?: CasesByKind[K] });
