import type { OptionsSchema } from '../../../src/plugin.ts';

const probability = { type: 'number', minimum: 0, maximum: 1 } as const;

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    profile: {
      type: 'string',
      enum: ['progress', 'balanced', 'strict'],
      default: 'balanced',
      description: 'progress: every idea is cheap. balanced: each keep is reviewed. strict: a wrong keep is costly.',
    },
    maxRuns: { type: 'integer', minimum: 1, description: 'The most trials of one candidate. Without it: the profile has 1, 2 or 3.' },
    lo: { ...probability, description: 'A P(gain) above this, and below `hi`, is worth another trial.' },
    hi: { ...probability, description: 'A P(gain) below this, and above `lo`, is worth another trial.' },
    minP: { ...probability, description: 'The least P(gain) of a keep.' },
    minGain: {
      type: 'number',
      minimum: 0,
      description: 'The least estimated gain of a keep, in units of sigma: the price of a kept commit.',
    },
    prior: {
      type: 'object',
      additionalProperties: false,
      description: 'The effects to expect of an idea before it is tried.',
      properties: {
        w: {
          type: 'array',
          items: { type: 'number', minimum: 0 },
          minItems: 4,
          maxItems: 4,
          description: 'How often an idea has no effect, a small harm, a large harm, a gain. Default: 0.2, 0.35, 0.25, 0.2.',
        },
        mu: {
          type: 'array',
          items: { type: 'number', exclusiveMinimum: 0 },
          minItems: 3,
          maxItems: 3,
          description: 'The mean size of a small harm, a large harm and a gain, in units of sigma. Default: 3, 12, 1.2.',
        },
      },
    },
    learn: { type: 'boolean', default: true, description: 'Let the run learn the prior from its own experiments.' },
    pseudoCounts: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 20,
      description: 'How many experiments the prior counts as while it is learned.',
    },
    transform: {
      type: 'string',
      enum: ['none', 'log'],
      default: 'none',
      description: 'log: for a score whose changes are ratios, such as a latency or a cost. It must be above 0.',
    },
  },
} as const satisfies OptionsSchema;
