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
import { committed, proposed, settled } from '../../src/model/experiment-states.ts';
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
  const kind = id === 0 ? 'baseline' : 'change';
  const basis = { incumbent: id === 0 ? null : idOf(parent), commit: parent };
  const proposal = id === 0 ? BASELINE : PROPOSAL;
  const made = { candidate: commitOf(id), changes: [], diff: { files: 1, added: 1, removed: 1 } };
  return committed(proposed({ run: 'night', id, kind, basis, startedAt: TIME }, proposal), made);
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

export function settledOf(experiment: CommittedExperiment, settling: Settling, { incumbent }: RunState): SettledExperiment {
  const { score } = settling;
  const measured = { ...experiment, metrics: score ? { [METRIC]: score.value } : {} };
  const seconds = experiment.trials.reduce((sum, trial) => sum + trial.seconds, 0);
  return settled({ experiment: measured, ...settling }, { incumbent, settledAt: TIME, seconds });
}
