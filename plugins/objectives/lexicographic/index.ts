import { definePlugin, type RunView, type Trial } from '../../../src/plugin.ts';
import { mean, median, standardDeviation } from '../../../src/stats.ts';
import { problemOf, violationsOf } from './constraints.ts';
import { valuesOf } from './values.ts';

const DIRECTION = { type: 'string', enum: ['minimize', 'maximize'] } as const;

export default definePlugin({
  kind: 'objective',
  name: 'lexicographic',
  apiVersion: 1,
  description: 'One metric to be improved, while the others stay within their constraints.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['metric', 'direction', 'constraints'],
    properties: {
      metric: { type: 'string', description: 'The metric to be improved, as under `metrics`.' },
      direction: { ...DIRECTION, description: 'Which way is better.' },
      reduce: {
        type: 'string',
        enum: ['mean', 'median'],
        default: 'mean',
        description: 'What makes one number of several trials, of each metric.',
      },
      constraints: {
        type: 'array',
        minItems: 1,
        description: 'What a candidate must meet, however good its score is.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['metric'],
          properties: {
            metric: { type: 'string', description: 'The metric that is constrained, as under `metrics`.' },
            max: { type: 'number', description: 'The largest value allowed.' },
            min: { type: 'number', description: 'The smallest value allowed.' },
            worse: {
              type: 'number',
              minimum: 0,
              description: 'How much worse than the baseline it may be, as a fraction: 0.02 is 2 %. Needs `direction`.',
            },
            direction: { ...DIRECTION, description: 'Which way is better for this metric.' },
          },
        },
      },
    },
  },
  create({ metric, direction, reduce, constraints }, { path }) {
    const problem = constraints.map(problemOf).find((found) => found !== null);
    if (problem) throw new Error(`${path}: ${problem}`);
    const reduced = reduce === 'mean' ? mean : median;
    return {
      metrics: [...new Set([metric, ...constraints.map((constraint) => constraint.metric)])],
      direction,
      label: metric,
      score(trials: readonly Trial[], { baseline }: RunView) {
        const values = valuesOf(metric, trials);
        const violations = constraints.flatMap((constraint) => {
          const before =
            baseline && constraint.worse !== undefined ? reduced(valuesOf(constraint.metric, baseline.trials, 'baseline')) : null;
          return violationsOf(constraint, reduced(valuesOf(constraint.metric, trials)), before);
        });
        return {
          value: reduced(values),
          spread: standardDeviation(values),
          n: values.length,
          ...(violations.length > 0 && { violations }),
        };
      },
    };
  },
});
