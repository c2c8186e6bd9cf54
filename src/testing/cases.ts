import type { Brief, GateResult, Kind, RunView, ScoredExperiment, Trial } from '../plugin.ts';
import type { Runner } from './runner.ts';

/** Options as a user writes them below `with:`. */
export type Options = Readonly<Record<string, unknown>>;

/** What one trial left behind for a metric to read. */
export interface MetricCase {
  /** The options to use; default: the first of `options.valid`. */
  readonly options?: Options;
  /** What the trainer printed. */
  readonly output?: string;
  /** Files below the project's folder, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Fields of the trial itself, such as its peak memory. */
  readonly trial?: Partial<Trial>;
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

/** What the author of a plugin adds, because the laws cannot invent it. */
export interface CasesByKind {
  objective: {
    readonly trials?: readonly Partial<Trial>[];
    /** Fields of the run, such as a baseline that has the metrics. */
    readonly run?: Partial<RunView>;
  };
  agent: {
    readonly options?: Options;
    /** Files of the worktree, by path, for an agent that reads some. */
    readonly files?: Readonly<Record<string, string>>;
    readonly brief?: Partial<Brief>;
  };
  trainer: {
    /** Options of a trainer that starts a child process in the background and runs for a minute. */
    readonly hang: { readonly options: Options };
  };
  metric: {
    readonly present: MetricCase & { readonly value: number };
    readonly missing: MetricCase;
    /** The case with NaN for a value; default: `present` with its number replaced. */
    readonly nan?: MetricCase;
  };
  gate: readonly GateCase[];
  reporter: Record<string, never>;
}

/** `options` for every kind; `cases` as the kind asks. */
export type PluginTest<K extends Kind = Kind> = {
  readonly options: { readonly valid: readonly Options[]; readonly invalid: readonly Options[] };
  /** The test runner; default: the one this process runs under. */
  readonly runner?: Runner;
} & (K extends 'metric' | 'trainer' ? { readonly cases: CasesByKind[K] } : { readonly cases?: CasesByKind[K] });
