/** Records as the engine writes them, without anything that has no part in a decision. */
import type {
  CommittedExperiment,
  Curve,
  Judgement,
  Proposal,
  Reason,
  Score,
  SettledExperiment,
  Trial,
  Verdict,
} from '../../src/experiment.ts';
import type { RunState } from '../../src/model/run-state.ts';

const TIME = '2026-01-01T00:00:00.000Z';
/** One five-minute trial. */
const SECONDS = 300;

export const METRIC = 'val_bpb';

const PROPOSAL: Proposal = { title: 'idea', hypothesis: '', rationale: '', risks: [], agent: 'world', source: 'schema' };
const BASELINE: Proposal = { ...PROPOSAL, title: 'baseline', agent: 'engine', source: 'engine' };

export function commitOf(id: number): string {
  return id.toString(16).padStart(40, '0');
}

function idOf(commit: string): number {
  return Number.parseInt(commit, 16);
}

export function startExperiment(id: number, parent: string): CommittedExperiment {
  return {
    v: 1,
    run: 'night',
    id,
    kind: id === 0 ? 'baseline' : 'change',
    basis: { incumbent: id === 0 ? null : idOf(parent), commit: parent },
    state: 'committed',
    startedAt: TIME,
    parent,
    candidate: commitOf(id),
    proposal: id === 0 ? BASELINE : PROPOSAL,
    changes: [],
    diff: { files: 1, added: 1, removed: 1 },
    trials: [],
    metrics: {},
    score: null,
    judgements: [],
  };
}

export interface Measured {
  readonly value: number;
  readonly curve: Curve;
}

export function trialOf(commit: string, { index, seed }: Pick<Trial, 'index' | 'seed'>, measured: Measured): Trial {
  return {
    index,
    state: 'measured',
    seed,
    slot: 'default',
    commit,
    startedAt: TIME,
    exit: 'completed',
    exitCode: 0,
    signal: null,
    seconds: SECONDS,
    peakMemoryMb: null,
    metrics: { [METRIC]: measured.value },
    curves: { [METRIC]: measured.curve },
  };
}

/** A trial that a gate has ended after a share of its time. */
export function stoppedTrial(commit: string, place: Pick<Trial, 'index' | 'seed'>, share: number): Trial {
  const { curves: _curves, ...trial } = trialOf(commit, place, { value: 0, curve: [] });
  return { ...trial, state: 'finished', exit: 'stopped', seconds: share * SECONDS, metrics: {} };
}

export interface Settling {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly score?: Score;
  readonly judgements?: readonly Judgement[];
}

export function settledOf(
  experiment: CommittedExperiment,
  { verdict, reason, score, judgements = [] }: Settling,
  { incumbent }: RunState,
): SettledExperiment {
  const before = incumbent?.score ? { id: incumbent.id, score: incumbent.score.value } : null;
  return {
    ...experiment,
    state: 'settled',
    metrics: score ? { [METRIC]: score.value } : {},
    score: score ?? null,
    judgements,
    verdict,
    reason,
    delta: score && before ? score.value - before.score : null,
    incumbent: before,
    settledAt: TIME,
    seconds: experiment.trials.reduce((sum, trial) => sum + trial.seconds, 0),
  };
}
