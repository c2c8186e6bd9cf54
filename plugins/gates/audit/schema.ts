import type { OptionsSchema } from '../../../src/plugin.ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    everyKeeps: {
      type: 'integer',
      minimum: 1,
      description:
        'Audit after so many keeps, besides at the end. Set it to 5 where the config has guardrails: small losses add up between audits. Without it: only at the end.',
    },
    atEnd: { type: 'boolean', default: true, description: 'Audit when the session has nothing more to do.' },
    runs: { type: 'integer', minimum: 2, maximum: 100, default: 3, description: 'Trials of each side.' },
    transform: {
      type: 'string',
      enum: ['none', 'log'],
      default: 'none',
      description: 'log: for a score whose changes and noise are ratios, such as a latency. It must be above 0.',
    },
    onFail: {
      type: 'string',
      enum: ['rollback', 'report'],
      default: 'rollback',
      description:
        'What follows where a guard fails on fresh trials, or a loss is shown: back to the last commit that an audit confirmed, or only a word about it.',
    },
  },
} as const satisfies OptionsSchema;
