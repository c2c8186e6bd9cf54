import type { Audit, RunView, Scalar, SettledExperiment } from '../../../src/plugin.ts';
import { millis, noteOf, numbersOf, safeName } from '../_delivery/facts.ts';
import type { Batch, Metric, Pair } from './api.ts';

/** What MLflow keeps of a param's value, and of a tag's. */
const MAX_PARAM = 6000;
const MAX_TAG = 5000;
/** Points of a curve are put at whole steps: thousandths of the budget. */
const CURVE_STEPS = 1000;

/** Values that are there, under names that MLflow takes; names that become the same are numbered, for a param has one value. */
export function pairs(values: Readonly<Record<string, Scalar | null | undefined>>, limit = MAX_TAG): Pair[] {
  const taken = new Set<string>();
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === '') return [];
    let key = safeName(name);
    for (let n = 2; taken.has(key); n++) key = `${safeName(name)}_${n}`;
    taken.add(key);
    return [{ key, value: String(value).slice(0, limit) }];
  });
}

/** Of the run as a whole. */
export function runBatch({ name, seed, objective, budget, rules }: RunView, tags: Readonly<Record<string, string>>): Batch {
  return {
    params: pairs({
      run: name,
      seed,
      objective: objective.label,
      direction: objective.direction,
      rules,
      budget_experiments: budget.experiments,
      budget_seconds: budget.seconds,
      budget_usd: budget.usd,
    }),
    tags: pairs({ 'autoresearch.run': name, ...tags }),
  };
}

/** Of one experiment. Its times are those of the record, so that the same metric sent twice is one. */
export function experimentBatch(experiment: SettledExperiment): Batch {
  const { id, verdict, reason, proposal, parent, candidate, trials, settledAt, diff } = experiment;
  const timestamp = millis(settledAt);
  const at = (step: number) => (key: string, value: number) => ({ key: safeName(key), value, timestamp, step });
  return {
    metrics: [
      ...Object.entries(numbersOf(experiment)).map(([key, value]) => at(0)(key, value)),
      ...trials.flatMap((trial) => Object.entries(trial.metrics).map(([key, value]) => at(trial.index)(`trial/${key}`, value))),
      ...trials.flatMap(curvesOf),
    ],
    params: pairs(
      { parent, agent: proposal.agent, model: proposal.model, seeds: trials.map(({ seed }) => seed).join(','), ...proposal.params },
      MAX_PARAM,
    ),
    tags: pairs({
      'autoresearch.experiment': id,
      'autoresearch.verdict': verdict,
      'autoresearch.reason': reason.code,
      'autoresearch.commit': candidate,
      'autoresearch.lines': diff === null ? null : `+${diff.added} -${diff.removed}`,
      'mlflow.source.git.commit': candidate,
      'mlflow.note.content': noteOf(experiment),
    }),
  };
}

function curvesOf({ index, curves = {}, startedAt }: SettledExperiment['trials'][number]): Metric[] {
  return Object.entries(curves).flatMap(([metric, curve]) =>
    curve.map(([share, value]) => ({
      key: safeName(`curve/${metric}${index === 0 ? '' : `.${index}`}`),
      value,
      timestamp: millis(startedAt),
      step: Math.round(share * CURVE_STEPS),
    })),
  );
}

/** The run's own charts: each score, and that of the incumbent. */
export function progressOf({ id, verdict, score, settledAt }: SettledExperiment): Batch {
  if (score === null) return {};
  const point = { value: score.value, timestamp: millis(settledAt), step: id };
  return { metrics: [{ ...point, key: 'score' }, ...(verdict === 'keep' ? [{ ...point, key: 'incumbent' }] : [])] };
}

export function auditBatch({ at, final, claim, text, rolledBack }: Audit, index: number): Batch {
  const point = (key: string, value: number) => ({ key, value, timestamp: millis(at), step: final.id });
  return {
    metrics: [point('audit_change', claim.value), point('audit_low', claim.low), point('audit_high', claim.high)],
    tags: pairs({ [`autoresearch.audit.${index}`]: `${rolledBack ? 'rolled back: ' : ''}${text}` }),
  };
}
