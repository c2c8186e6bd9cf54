import type { OptionsSchema } from '../../../src/plugin.ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['metric'],
  properties: {
    metric: { type: 'string', description: 'The metric to guard, as under `metrics`.' },
    max: { type: 'number', description: 'The largest value allowed.' },
    min: { type: 'number', description: 'The smallest value allowed.' },
    test: {
      type: 'string',
      enum: ['hard-limit', 'ni-paired-binary', 'ni-mean', 'ni-quantile', 'no-new-failures'],
      default: 'hard-limit',
      description:
        'hard-limit: only max and min. ni-…: the items of the metric must be shown to be worse than the anchor by less than `margin`, as right or wrong answers, by their mean, or by a quantile. no-new-failures: no item may fail that did not fail at the anchor. The others keep max and min too, where they are given.',
    },
    worse: { type: 'string', enum: ['higher', 'lower'], description: 'Which way is worse for one item. Needed by the ni- tests.' },
    margin: {
      type: 'number',
      exclusiveMinimum: 0,
      description:
        'The worsening that must be ruled out. Needed by the ni- tests: a rate for ni-paired-binary (0.01 is one item in a hundred), in units of the metric for ni-mean, a ratio above 1 for ni-quantile (1.1 is 10 % worse).',
    },
    reference: {
      type: 'string',
      enum: ['anchor'],
      default: 'anchor',
      description: 'The reference: the anchor, which does not change with keeps, so that small losses do not add up.',
    },
    alpha: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 0.4,
      default: 0.05,
      description: 'How often a candidate that is worse by the whole margin may pass.',
    },
    group: { type: 'string', description: 'Only items of this group.' },
    minItems: { type: 'integer', minimum: 1, default: 300, description: 'The fewest items that an ni- test needs.' },
    quantile: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.95,
      description: 'The quantile of ni-quantile, counted towards the worse end.',
    },
    resamples: { type: 'integer', minimum: 100, default: 2000, description: 'How often ni-quantile redraws the items for its bound.' },
    failsWhen: { type: 'number', default: 1, description: 'The value of an item that failed, for no-new-failures.' },
    flakeRetries: {
      type: 'integer',
      minimum: 0,
      default: 2,
      description: 'More trials where items newly fail; an item that fails in half of the trials or more has failed.',
    },
    critical: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'Ids of the only items no-new-failures looks at.' },
    criticalFile: { type: 'string', description: 'The same as a file in the project folder, one id on each line.' },
  },
} as const satisfies OptionsSchema;
