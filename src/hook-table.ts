/**
 * The stages of the loop, one row a hook: when it is called, what taps get, and what happens when one throws. The hooks
 * object, the policy for errors and the table in docs/plugins.md are made from these rows.
 */
import { AsyncSeriesBailHook, AsyncSeriesHook } from 'tapable';
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

/**
 * What becomes of an error of a tap. `problem`: it is shown with the other problems, and the run does not start. `warning`:
 * it is told once, and the next tap is called. `crash`: the experiment's verdict. `unaudited`: the audit could not be done,
 * and says why. `failure`: the run fails.
 */
export type OnThrow = 'problem' | 'warning' | 'crash' | 'unaudited' | 'failure';

interface Row {
  readonly when: string;
  readonly onThrow: OnThrow;
}

/** Every tap is called. */
const series =
  <Arguments extends unknown[]>() =>
  <const Gets extends readonly string[]>(gets: Gets & { readonly length: Arguments['length'] }, row: Row) => ({
    ...row,
    gets: gets as readonly string[],
    kind: 'series' as const,
    create: (name: string) => new AsyncSeriesHook<Arguments>(gets as never, name),
  });

/** The first answer counts, and no other tap is called after it. `answer` says what it is. */
const bail =
  <Arguments extends unknown[], Answer>() =>
  <const Gets extends readonly string[]>(
    gets: Gets & { readonly length: Arguments['length'] },
    row: Row & { readonly answer: string },
  ) => ({
    ...row,
    gets: gets as readonly string[],
    kind: 'bail' as const,
    create: (name: string) => new AsyncSeriesBailHook<Arguments, Answer>(gets as never, name),
  });

export const HOOKS = Object.freeze({
  verify: series<[Preflight]>()(['preflight'], { when: 'before the run', onThrow: 'problem' }),
  start: series<[RunView]>()(['run'], { when: 'the run begins or goes on', onThrow: 'warning' }),
  // A limit that cannot be checked must not be exceeded.
  stop: bail<[RunView], Reason>()(['run'], { when: 'before each experiment', answer: 'a reason ends the run', onThrow: 'failure' }),
  propose: bail<[Brief], Proposed>()(['brief'], {
    when: 'agents, in the order of the config',
    answer: 'the first proposal',
    onThrow: 'failure',
  }),
  screen: bail<[CommittedExperiment, RunView], Judgement>()(['candidate', 'run'], {
    when: 'before its first trial',
    answer: 'the first objection',
    onThrow: 'crash',
  }),
  // A bad exit of the program is an outcome, not an error.
  train: bail<[TrialRequest], TrialOutcome>()(['request'], { when: 'runs a trial', answer: 'the first outcome', onThrow: 'crash' }),
  observe: bail<[RunningTrial, RunView], Reason>()(['trial', 'run'], {
    when: 'a running trial prints',
    answer: 'a reason stops the trial',
    onThrow: 'warning',
  }),
  // A name that has a value already, and a value that is not finite, are errors too.
  measure: series<[MeasureInput, Measurements]>()(['input', 'measurements'], { when: 'after each trial', onThrow: 'crash' }),
  score: bail<[CommittedExperiment, RunView], Score>()(['experiment', 'run'], {
    when: 'after its trials',
    answer: "the objective's number",
    onThrow: 'crash',
  }),
  judge: series<[ScoredExperiment, RunView, Judgements]>()(['experiment', 'run', 'judgements'], {
    when: 'with its score',
    onThrow: 'crash',
  }),
  guard: series<[ScoredExperiment, RunView, Judgements]>()(['experiment', 'run', 'judgements'], {
    when: 'in an audit: gates that protect something',
    onThrow: 'unaudited',
  }),
  // A gain must not go unchecked.
  audit: bail<[AuditOccasion, RunView], Finding>()(['occasion', 'run'], {
    when: 'after each keep, and at the end',
    answer: 'the first finding',
    onThrow: 'failure',
  }),
  audited: series<[Audit, RunView]>()(['audit', 'run'], { when: 'the audit is in the ledger', onThrow: 'warning' }),
  settled: series<[SettledExperiment, RunView]>()(['experiment', 'run'], { when: 'the verdict is in the ledger', onThrow: 'warning' }),
  done: series<[RunView, RunEnd]>()(['run', 'end'], { when: 'the run is over, in whatever way', onThrow: 'warning' }),
});

export type HookName = keyof typeof HOOKS;
