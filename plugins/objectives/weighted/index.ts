import { definePlugin, ReasonError, type Direction, type RunView, type Trial } from '../../../src/plugin.ts';
import { mean, standardDeviation } from '../../../src/stats.ts';
import { valuesOf } from '../lexicographic/values.ts';

interface Term {
  readonly metric: string;
  readonly direction: Direction;
  readonly weight: number;
}

export default definePlugin({
  kind: 'objective',
  name: 'weighted',
  apiVersion: 1,
  description: 'Several metrics as one score: relative changes against the baseline, each with its weight; lower is better.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['terms'],
    properties: {
      terms: {
        type: 'array',
        minItems: 1,
        description: 'The metrics and what each is worth. The ratio of two weights is a rate of exchange.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['metric', 'direction', 'weight'],
          properties: {
            metric: { type: 'string', description: 'A metric that is always above 0, as under `metrics`.' },
            direction: { type: 'string', enum: ['minimize', 'maximize'], description: 'Which way is better.' },
            weight: {
              type: 'number',
              exclusiveMinimum: 0,
              description: 'What 1 % of this metric is worth; 1 % of one with weight 1 is worth twice that of one with 0.5.',
            },
          },
        },
      },
      label: { type: 'string', minLength: 1, default: 'weighted score', description: 'What the score is called in reports.' },
    },
  },
  create({ terms, label }, { path }) {
    const metrics = terms.map(({ metric }) => metric);
    const twice = metrics.find((metric, index) => metrics.indexOf(metric) !== index);
    if (twice !== undefined) throw new Error(`${path}: ${twice} has two terms`);
    return {
      metrics,
      direction: 'minimize',
      label,
      score(trials: readonly Trial[], { baseline }: RunView) {
        const values = weightedLogs(terms, trials, 'candidate');
        // The mean of logs, and not the log of the mean, is what makes the baseline's own score exactly 0.
        const reference = mean(baseline ? weightedLogs(terms, baseline.trials, 'baseline') : values);
        return { value: mean(values) - reference, spread: standardDeviation(values), n: values.length };
      },
    };
  },
});

/** For each trial, the sum of the weighted logs: lower is better. */
function weightedLogs(terms: readonly Term[], trials: readonly Trial[], whose: string): number[] {
  const logs = terms.map(({ metric, direction, weight }) => {
    const signed = direction === 'minimize' ? weight : -weight;
    return valuesOf(metric, trials, whose).map((value) => signed * Math.log(positive(value, metric, whose)));
  });
  return (logs[0] ?? []).map((_first, trial) => logs.reduce((sum, ofTerm) => sum + (ofTerm[trial] ?? Number.NaN), 0));
}

function positive(value: number, metric: string, whose: string): number {
  if (value > 0) return value;
  throw new ReasonError(
    'METRIC_NOT_POSITIVE',
    `${metric} of the ${whose} is ${value}; the weighted score takes relative changes, which only values above 0 have`,
  );
}
