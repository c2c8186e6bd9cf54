/**
 * The records of the product: what an experiment is at each point of its life.
 * Plain JSON, versioned (`v`), valid against `schemas/experiment.schema.json` once settled.
 */
import type { Proposal } from './proposal.ts';
import type { Scalar } from './scalar.ts';
import type { SeedRecord, SetAside } from './seed-record.ts';
import type { Trial } from './trial.ts';

export type * from './proposal.ts';
export type * from './scalar.ts';
export type * from './seed-record.ts';
export type * from './trial.ts';

export type Json = Scalar | null | readonly Json[] | { readonly [key: string]: Json };

export type Direction = 'minimize' | 'maximize';
export type Verdict = 'keep' | 'discard' | 'crash' | 'review';

/** `baseline`: nothing is changed, and nothing was kept before; `control`: the incumbent again; `change`: what an agent proposed. */
export type ExperimentKind = 'baseline' | 'control' | 'change';

/** What an experiment was made on. When it is decided, another one may be the incumbent. */
export interface Basis {
  /** The experiment that was the incumbent; null for a baseline. */
  readonly incumbent: number | null;
  /** Its commit, or the one the run started from: the same as `parent`. */
  readonly commit: string;
}

/** Why something was decided: a stable code for programs and a sentence for people. */
export interface Reason {
  readonly code: string;
  readonly text: string;
}

/** A commit of an experiment that crashed and was given back to its agent to mend. */
export interface CrashedAttempt {
  readonly candidate: string;
  readonly reason: Reason;
  readonly trials: readonly Trial[];
  /** What the agent then did, in its words. */
  readonly fix: string;
}

export type ChangeKind = 'added' | 'modified' | 'deleted' | 'mode' | 'type' | 'symlink' | 'repository';

/** One path the candidate changes, relative to the project's folder, with forward slashes; `../` outside it. */
export interface Change {
  readonly path: string;
  readonly kind: ChangeKind;
}

export interface DiffStat {
  readonly files: number;
  readonly added: number;
  readonly removed: number;
}

/** One number for all trials of an experiment: `spread` is their sample standard deviation (0 for n = 1). */
export interface Score {
  readonly value: number;
  readonly spread: number;
  readonly n: number;
  readonly setAside?: readonly SetAside[];
  readonly seeds?: SeedRecord;
  /** With `trainer.interleave`: the incumbent's score in the trials beside these; `spread` is that of the differences, pair by pair. */
  readonly beside?: { readonly value: number; readonly spread: number };
  /** Constraints of the objective that the candidate does not meet, in words: each one is a discard. */
  readonly violations?: readonly string[];
}

/** What a gate believes of a candidate's effect, in units of the score and with its sign. */
export interface Estimate {
  /** Change of the score against the incumbent, shrunken towards none by what is known of such changes. */
  readonly effect: number;
  /** The 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** The probability of a gain, where the method gives one. */
  readonly pGain: number | null;
  /** Trials of the candidate it rests on. */
  readonly n: number;
  /** Name and version of the method. */
  readonly method: string;
  /** The difference before it was shrunken, against what was believed of the incumbent, and its standard deviation: for those who put several measurements together. */
  readonly measured?: { readonly difference: number; readonly sd: number };
}

/** The estimate of the incumbent's true score. */
export interface Belief {
  readonly mean: number;
  readonly sd: number;
  /** What each trial adds to its variance because the machine may drift, in units of the noise's variance. */
  readonly drift?: number;
  /** What is believed of it in each slot, where trials run in several; `mean` and `sd` are those of the slot that was judged in. */
  readonly slots?: Readonly<Record<string, { readonly mean: number; readonly sd: number }>>;
}

export interface Judgement {
  readonly gate: string;
  readonly outcome: 'pass' | 'fail' | 'more' | 'review';
  readonly code: string;
  readonly reason: string;
  /** Everything needed to recompute the judgement from the record alone. */
  readonly evidence?: { readonly [key: string]: Json };
  readonly estimate?: Estimate;
  /** The gate's estimate of the incumbent after this judgement. */
  readonly belief?: Belief;
  /** A note the gate gets back from the run's history when it judges later experiments: at most 200 bytes as JSON. */
  readonly note?: Json;
  /** This pass stands for one of the gates that ask for an improvement: a simplification of equal value. */
  readonly waives?: 'improvement';
}

/** A commit of a change, and the one it was made on, before the change was moved onto a later incumbent. */
export interface MovedFrom {
  readonly candidate: string;
  readonly parent: string;
}

/** A move that git could not make alone. */
export interface MoveConflict {
  /** The commit it was to be moved onto. */
  readonly onto: string;
  readonly paths: readonly string[];
  /** What its agent then did, in its words; absent where the change was not moved. */
  readonly fix?: string;
}

interface Started {
  readonly v: 1;
  readonly run: string;
  /** Given when it is proposed. Experiments may be decided in another order. */
  readonly id: number;
  readonly kind: ExperimentKind;
  readonly basis: Basis;
  readonly startedAt: string;
  /** The commit the change was made on. */
  readonly parent: string;
  readonly proposal: Proposal;
  /** The earlier experiment whose change this is, moved onto a later incumbent. */
  readonly again?: number;
  /** Where the change was moved from before its trial, the first commit first. None of them was measured in this experiment. */
  readonly moved?: readonly MovedFrom[];
  /** Its agent is asked about one conflict, and no more. */
  readonly conflict?: MoveConflict;
  /** The experiment of another node whose change this is, such as `b2#41`. */
  readonly origin?: string;
  /** All its files are as they are there. */
  readonly whole?: true;
  /** Earlier commits of the same experiment, the first one first. */
  readonly crashed?: readonly CrashedAttempt[];
}

interface Decided extends Started {
  /** Tells identical changes on the same parent apart from others; null without a change. */
  readonly key?: string | null;
  /** Null where the change never became a commit: no change, or nothing that git can hold. */
  readonly candidate: string | null;
  /** Where it was kept although its basis was no longer the incumbent: the commit that was measured. `candidate` has the same files, and the incumbent and this one as parents. */
  readonly measured?: string;
  readonly changes: readonly Change[];
  readonly diff: DiffStat | null;
  readonly trials: readonly Trial[];
  /** With `trainer.interleave`: trial by trial, the incumbent's in turns with the candidate's, on the same seed. */
  readonly beside?: readonly Trial[];
  /** The mean of each metric over the measured trials. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly score: Score | null;
  readonly judgements: readonly Judgement[];
}

export interface ProposedExperiment extends Started {
  readonly state: 'proposed';
}
/** The candidate is a commit; trials are added as they finish. */
export interface CommittedExperiment extends Decided {
  readonly state: 'committed';
  readonly candidate: string;
}
export interface ScoredExperiment extends Decided {
  readonly state: 'scored';
  readonly candidate: string;
  readonly score: Score;
}
export interface SettledExperiment extends Decided {
  readonly state: 'settled';
  readonly verdict: Verdict;
  readonly reason: Reason;
  /** Score minus the incumbent's score at the time; null without either. */
  readonly delta: number | null;
  /** The incumbent this one was compared with, which may be a later one than that of `basis`; null for the baseline. */
  readonly incumbent: { readonly id: number; readonly score: number } | null;
  readonly settledAt: string;
  /** From the start of the proposal to the verdict. */
  readonly seconds: number;
  /** Where others were in flight beside it: the seconds by the wall clock that it adds to theirs. */
  readonly wallSeconds?: number;
}
export type Experiment = ProposedExperiment | CommittedExperiment | ScoredExperiment | SettledExperiment;

/** The only comparison of scores in the product: is `a` better than `b`? NaN is never better. */
export function better(a: number, b: number, direction: Direction): boolean {
  return direction === 'minimize' ? a < b : a > b;
}

/** How much better `a` is than `b`, positive when better. */
export function gain(a: number, b: number, direction: Direction): number {
  return direction === 'minimize' ? b - a : a - b;
}

/** Freezes a record and everything in it, so that no plugin can change what another one reads. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
