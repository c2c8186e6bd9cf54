import { definePlugin, ReasonError, type Trial } from '../../../src/plugin.ts';

export default definePlugin({
  kind: 'objective',
  name: 'single',
  apiVersion: 1,
  description: 'One metric, to be minimized or maximized.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['metric', 'direction'],
    properties: {
      metric: { type: 'string', description: 'The name of the metric, as under `metrics`.' },
      direction: { type: 'string', enum: ['minimize', 'maximize'], description: 'Which way is better.' },
      reduce: { type: 'string', enum: ['mean', 'median'], default: 'mean', description: 'What makes one number of several trials.' },
    },
  },
  create: ({ metric, direction, reduce }) => ({
    metrics: [metric],
    direction,
    label: metric,
    score(trials: readonly Trial[]) {
      const values = trials.filter((trial) => trial.state === 'measured').map((trial) => trial.metrics[metric] ?? Number.NaN);
      if (values.length === 0 || values.some(Number.isNaN)) throw new ReasonError('METRIC_MISSING', `no trial has a value for ${metric}`);
      return { value: reduce === 'mean' ? mean(values) : median(values), spread: standardDeviation(values), n: values.length };
    },
  }),
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[half] ?? Number.NaN) : mean(sorted.slice(half - 1, half + 1));
}

/** Of a sample: divided by n - 1; 0 for one value, about whose spread nothing is known. */
function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
