/**
 * The stages of the loop as tapable hooks: one frozen table, each row with its error policy.
 * Only wire.ts taps for the built-in roles, and only the loop calls.
 */
import { AsyncSeriesBailHook, AsyncSeriesHook, type TapOptions } from 'tapable';
import type { CommittedExperiment, Judgement, Reason, Score, ScoredExperiment, SettledExperiment } from './experiment.ts';
import type { AgentResult, Brief } from './contract/agent.ts';
import type { Preflight } from './contract/context.ts';
import type { AuditOccasion, Finding, Measured, MeasureInput, RunningTrial, TrialOutcome, TrialRequest } from './contract/roles.ts';
import type { Audit, RunEnd, RunView } from './contract/run-view.ts';

/** What an agent that won the `propose` hook answered, with its name. */
export interface Proposed {
  readonly agent: string;
  readonly result: Extract<AgentResult, { status: 'proposed' | 'no-change' }>;
}

export function createHooks() {
  return Object.freeze({
    /** Before the run. Problems are collected and shown together; a throw becomes a problem. */
    verify: new AsyncSeriesHook<[Preflight]>(['preflight'], 'verify'),
    /** The run begins or goes on. A throw is a warning. */
    start: new AsyncSeriesHook<[RunView]>(['run'], 'start'),
    /** Before each experiment; the first reason ends the run. A throw fails the run, so that no limit is lost. */
    stop: new AsyncSeriesBailHook<[RunView], Reason>(['run'], 'stop'),
    /** Agents in config order; the first proposal wins, none ends the run. A throw fails the run. */
    propose: new AsyncSeriesBailHook<[Brief], Proposed>(['brief'], 'propose'),
    /** Judges the diff; the first failure discards before training. A throw is a crash verdict. */
    screen: new AsyncSeriesBailHook<[CommittedExperiment, RunView], Judgement>(['candidate', 'run'], 'screen'),
    /** Runs one trial; the first outcome wins. A bad exit is a value; a throw is a crash verdict. */
    train: new AsyncSeriesBailHook<[TrialRequest], TrialOutcome>(['request'], 'train'),
    /** Sees a running trial's output; a reason stops it. A throw is a warning, the trial goes on. */
    observe: new AsyncSeriesBailHook<[RunningTrial, RunView], Reason>(['trial', 'run'], 'observe'),
    /** Records named values. A throw, a duplicate or a value that is not finite is a crash verdict. */
    measure: new AsyncSeriesHook<[MeasureInput, Measurements]>(['input', 'measurements'], 'measure'),
    /** The objective's one number. A throw is a crash verdict. */
    score: new AsyncSeriesBailHook<[CommittedExperiment, RunView], Score>(['experiment', 'run'], 'score'),
    /** Every gate leaves a judgement. A throw is a crash verdict. */
    judge: new AsyncSeriesHook<[ScoredExperiment, RunView, Judgements]>(['experiment', 'run', 'judgements'], 'judge'),
    /** Gates that protect what must not get worse, asked again about an audit's trials. A throw fails the run. */
    guard: new AsyncSeriesHook<[ScoredExperiment, RunView, Judgements]>(['experiment', 'run', 'judgements'], 'guard'),
    /** Measures the run's gain again; the first finding counts. A throw fails the run: a gain must not go unchecked. */
    audit: new AsyncSeriesBailHook<[AuditOccasion, RunView], Finding>(['occasion', 'run'], 'audit'),
    /** The audit is in the ledger. A throw is a warning. */
    audited: new AsyncSeriesHook<[Audit, RunView]>(['audit', 'run'], 'audited'),
    /** The verdict is in the ledger. A throw is a warning. */
    settled: new AsyncSeriesHook<[SettledExperiment, RunView]>(['experiment', 'run'], 'settled'),
    /** The run is over; called also after a failure and after Ctrl-C. A throw is a warning. */
    done: new AsyncSeriesHook<[RunView, RunEnd]>(['run', 'end'], 'done'),
  });
}

export type HookTable = ReturnType<typeof createHooks>;

/** Where metrics leave their values; a second value for a name is an error. */
export interface Measurements {
  record(name: string, value: number | Measured): void;
}

/** Where gates leave their judgements. */
export interface Judgements {
  /** Those given so far on the same trials, by the gates before in the config. */
  readonly given: readonly Judgement[];
  add(judgement: Judgement): void;
}

/** A hook that can be tapped but not called. Taps may be sync or async; both are awaited. */
export interface HookFacade<Arguments extends unknown[], Result> {
  tap(
    options: string | (TapOptions & { readonly name: string }),
    tap: (...args: Arguments) => Result | undefined | null | void | Promise<Result | undefined | null | void>,
  ): void;
}

type FacadeOf<H> =
  H extends AsyncSeriesBailHook<infer A, infer R>
    ? HookFacade<A extends unknown[] ? A : never, R>
    : H extends AsyncSeriesHook<infer A>
      ? HookFacade<A extends unknown[] ? A : never, void>
      : never;

/** What `apply` gets: the same table, tap only. */
export type Hooks = { readonly [N in keyof HookTable]: FacadeOf<HookTable[N]> };
