/** An experiment in each of its states. The engine makes these records nowhere else. */
import {
  deepFreeze,
  type Basis,
  type Change,
  type CommittedExperiment,
  type CrashedAttempt,
  type DiffStat,
  type ExperimentKind,
  type Judgement,
  type Proposal,
  type ProposedExperiment,
  type Reason,
  type Score,
  type ScoredExperiment,
  type SettledExperiment,
  type Trial,
  type Verdict,
} from '../experiment.ts';
import { meanMetrics } from './mean-metrics.ts';

export interface Started {
  readonly run: string;
  readonly id: number;
  readonly kind: ExperimentKind;
  readonly basis: Basis;
  /** Default: now. */
  readonly startedAt?: string;
  readonly crashed?: readonly CrashedAttempt[];
  readonly again?: number;
  readonly origin?: string;
}

const UNMEASURED = { trials: [], metrics: {}, score: null, judgements: [] } as const;

export function proposed({ startedAt = new Date().toISOString(), ...facts }: Started, proposal: Proposal): ProposedExperiment {
  return deepFreeze({ v: 1, ...facts, state: 'proposed', startedAt, parent: facts.basis.commit, proposal });
}

/** An experiment as it was before it had a commit, with all that happened to it since. */
export function asProposed(experiment: CommittedExperiment | ProposedExperiment): ProposedExperiment {
  const { v, run, id, kind, basis, startedAt, parent, proposal, again, origin, moved, conflict, crashed } = experiment;
  const happened = {
    ...(again !== undefined && { again }),
    ...(origin !== undefined && { origin }),
    ...(moved && { moved }),
    ...(conflict && { conflict }),
    ...(crashed && { crashed }),
  };
  return deepFreeze({ v, run, id, kind, basis, startedAt, parent, state: 'proposed', proposal, ...happened });
}

interface Made {
  readonly candidate: string;
  readonly changes: readonly Change[];
  /** Null where it is counted later, while the trainer runs. */
  readonly diff: DiffStat | null;
  readonly key?: string;
}

export function committed(experiment: ProposedExperiment, made: Made): CommittedExperiment {
  return deepFreeze({ ...experiment, ...UNMEASURED, ...made, state: 'committed' });
}

interface Measurement {
  /** Default: the kind. */
  readonly title?: string;
  readonly rationale?: string;
  /** Default: the commit of the basis. */
  readonly candidate?: string;
}

/** An experiment of the engine's own: a commit that is there already is measured as it is. */
export function unchanged(facts: Started, { title = facts.kind, rationale = '', candidate = facts.basis.commit }: Measurement = {}) {
  const proposal: Proposal = { title, hypothesis: '', rationale, risks: [], agent: 'engine', source: 'engine' };
  return committed(proposed(facts, proposal), { candidate, changes: [], diff: { files: 0, added: 0, removed: 0 } });
}

export function withTrials<E extends CommittedExperiment | SettledExperiment>(experiment: E, trials: readonly Trial[]): E {
  return deepFreeze({ ...experiment, trials, metrics: meanMetrics(trials) });
}

export function scored(experiment: CommittedExperiment, score: Score): ScoredExperiment {
  return deepFreeze({ ...experiment, state: 'scored', score });
}

/** What was decided of an experiment. */
export interface Decision {
  readonly experiment: CommittedExperiment | ProposedExperiment;
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly score?: Score | undefined;
  readonly judgements?: readonly Judgement[] | undefined;
}

interface Circumstances extends Pick<SettledExperiment, 'settledAt' | 'seconds' | 'wallSeconds'> {
  /** The incumbent at the time of the decision. */
  readonly incumbent: Pick<SettledExperiment, 'id' | 'score'> | null;
}

export function settled(
  { experiment, verdict, reason, score, judgements = [] }: Decision,
  { incumbent, ...circumstances }: Circumstances,
): SettledExperiment {
  const expected = score?.beside?.value ?? score?.seeds?.expected ?? incumbent?.score?.value;
  const before = incumbent === null || expected === undefined ? null : { id: incumbent.id, score: expected };
  return deepFreeze({
    candidate: null,
    changes: [],
    diff: null,
    ...UNMEASURED,
    ...experiment,
    state: 'settled',
    score: score ?? null,
    judgements,
    verdict,
    reason,
    delta: score && before ? score.value - before.score : null,
    incumbent: before,
    ...circumstances,
  });
}

/** A settled experiment as it was when its gates judged it; null if it had no score. */
export function asScored(experiment: SettledExperiment): ScoredExperiment | null {
  const { candidate, score } = experiment;
  return candidate === null || score === null
    ? null
    : deepFreeze({ ...undecided(experiment), candidate, score, judgements: [], state: 'scored' });
}

/** A settled experiment as it was before its first trial, so that it can be measured again. `base` is the candidate where it has none. */
export function asCommitted(experiment: SettledExperiment, base: string): CommittedExperiment {
  const { beside: _, ...rest } = undecided(experiment);
  return deepFreeze({ ...rest, ...UNMEASURED, candidate: experiment.candidate ?? base, state: 'committed' });
}

function undecided(experiment: SettledExperiment) {
  const {
    verdict: _verdict,
    reason: _reason,
    delta: _delta,
    incumbent: _incumbent,
    settledAt: _settledAt,
    seconds: _seconds,
    wallSeconds: _wallSeconds,
    ...rest
  } = experiment;
  return rest;
}
