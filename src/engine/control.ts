import { deepFreeze, type Belief, type CommittedExperiment, type Reason, type Score, type Verdict } from '../experiment.ts';
import type { Engine } from './engine.ts';
import type { RunState } from './run-state.ts';

/** Three repeats estimate the noise well enough, and a machine drifts over hours, not minutes. */
const BASELINES = 3;
const CONTROL_EVERY = 20;
const ROUNDING = 1e-12;
const TITLE = 'control';

/** Trials before the first judgement: the baseline is repeated where a gate judges against noise. */
export function trialsWanted({ config, needsNoise, state }: Engine, experiment: CommittedExperiment): number {
  const { trials } = config.trainer;
  if (state.incumbent !== null || isControl(experiment)) return trials;
  // Noise that was measured before the run need not be measured again.
  const isKnown = (state.noise?.known?.df ?? 0) >= BASELINES - 1;
  return Math.max(trials, config.noise.baselines ?? (needsNoise && !isKnown ? BASELINES : 1));
}

/** The incumbent again, when enough trials have gone by; null when it is not due. */
export function dueControl({ config, needsNoise, state }: Engine): CommittedExperiment | null {
  // If the incumbent runs beside every candidate, drift does no harm.
  const every = config.noise.controlEvery ?? (needsNoise && !config.trainer.interleave ? CONTROL_EVERY : undefined);
  const commit = state.incumbent?.candidate;
  if (every === undefined || !commit || state.noise === null || state.sinceControl < every) return null;
  return deepFreeze({
    v: 1,
    run: state.name,
    id: state.nextId,
    state: 'committed',
    startedAt: new Date().toISOString(),
    parent: commit,
    candidate: commit,
    proposal: {
      title: TITLE,
      hypothesis: '',
      rationale: 'the incumbent again, to see whether the machine or the data has changed',
      risks: [],
      agent: 'engine',
      source: 'engine',
    },
    changes: [],
    diff: { files: 0, added: 0, removed: 0 },
    trials: [],
    metrics: {},
    score: null,
    judgements: [],
  });
}

export function isControl({ proposal, parent, candidate }: CommittedExperiment): boolean {
  return proposal.source === 'engine' && proposal.title === TITLE && parent === candidate;
}

interface ControlResult {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly score: Score;
}

/** A control far from the estimate is repeated before it counts as drift; the run then goes on from the new measurement. */
export function judgeControl({ config, state }: Engine, experiment: CommittedExperiment, score: Score): ControlResult | 'more' {
  const { noise, incumbent } = state;
  const sigma = noise?.sigma ?? 0;
  const belief = beliefOf(state);
  const mean = belief?.mean ?? incumbent?.score?.value ?? score.value;
  const sd = belief?.sd ?? sigma / Math.sqrt(incumbent?.score?.n ?? 1);
  // A metric without noise may still differ in its last digit, where a mean of three has been rounded.
  const limit = Math.max(config.noise.driftZ * Math.sqrt(sigma ** 2 / score.n + sd ** 2), ROUNDING * Math.abs(mean));
  const off = Math.abs(score.value - mean);
  const figures = `${score.value} against ${mean}, and ${limit.toPrecision(3)} is allowed`;
  if (off <= limit) return { verdict: 'discard', reason: { code: 'CONTROL', text: `no drift: ${figures}` }, score };
  if (experiment.trials.length < BASELINES) return 'more';
  return {
    verdict: 'discard',
    reason: { code: 'DRIFT', text: `the machine or the data has changed: ${figures}; the run goes on from the new figure` },
    score,
  };
}

/** The gates' estimate of the incumbent, unless it was measured again since. */
function beliefOf({ history, incumbent }: RunState): Belief | undefined {
  const commit = incumbent?.candidate;
  const found = history.findLast(({ verdict, reason, candidate, parent, belief }) => {
    if (reason.code === 'DRIFT') return candidate === commit;
    return belief !== undefined && (verdict === 'keep' ? candidate : parent) === commit;
  });
  return found?.reason.code === 'DRIFT' ? undefined : found?.belief;
}
