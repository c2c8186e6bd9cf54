import { deepFreeze } from '../experiment.ts';
import type { Estimate, Score, ScoredExperiment, SettledExperiment, Trial } from '../experiment.ts';
import type { RunView } from '../plugin.ts';

const negate = <N extends number | null>(value: N): N => (value === null || value === 0 ? value : (-value as N));

/** The same run with scores negated and the other direction. Other metrics stay as they are. */
export function mirrorRun(run: RunView): RunView {
  const { label, direction } = run.objective;
  return deepFreeze({
    ...run,
    objective: { label, direction: direction === 'minimize' ? 'maximize' : 'minimize' },
    baseline: run.baseline && mirrorExperiment(run.baseline, label),
    incumbent: run.incumbent && mirrorExperiment(run.incumbent, label),
    anchor: run.anchor && mirrorExperiment(run.anchor, label),
    history: run.history.map((summary) => ({
      ...summary,
      score: negate(summary.score),
      delta: negate(summary.delta),
      metrics: mirrorMetrics(summary.metrics, label),
      ...(summary.estimate && { estimate: mirrorEstimate(summary.estimate) }),
      ...(summary.belief && { belief: { ...summary.belief, mean: negate(summary.belief.mean) } }),
    })),
  });
}

/** The experiment with its score, and the metric the score is made of, negated. */
export function mirrorExperiment<E extends ScoredExperiment | SettledExperiment>(experiment: E, label: string): E {
  const settled: Partial<SettledExperiment> =
    experiment.state === 'settled'
      ? {
          delta: negate(experiment.delta),
          incumbent: experiment.incumbent && { id: experiment.incumbent.id, score: negate(experiment.incumbent.score) },
        }
      : {};
  return deepFreeze({
    ...experiment,
    ...settled,
    score: mirrorScore(experiment.score),
    metrics: mirrorMetrics(experiment.metrics, label),
    trials: experiment.trials.map((trial): Trial => ({ ...trial, metrics: mirrorMetrics(trial.metrics, label) })),
  });
}

function mirrorEstimate(estimate: Estimate): Estimate {
  const { effect, low, high } = estimate;
  return { ...estimate, effect: negate(effect), low: negate(high), high: negate(low) };
}

function mirrorScore<S extends Score | null>(score: S): S {
  return score && { ...score, value: negate(score.value) };
}

function mirrorMetrics(metrics: Readonly<Record<string, number>>, label: string): Readonly<Record<string, number>> {
  const value = metrics[label];
  return value === undefined ? metrics : { ...metrics, [label]: negate(value) };
}
