import type { OptionsSchema } from '../../../src/plugin.ts';

/** Edits of the schedule move a curve without moving where it ends. */
const SCHEDULE = ['lr*', 'learning-rate*', 'warmup*', 'warm-up*', 'warmdown*', 'warm-down*', '*batch*', 'schedul*'];

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    rule: {
      type: 'string',
      enum: ['incumbent-curve', 'none'],
      default: 'incumbent-curve',
      description:
        'incumbent-curve: stop a trial that is too far behind the incumbent. none: stop only a trial whose curve is no longer finite.',
    },
    pattern: {
      type: 'string',
      format: 'regex',
      default: '^curve:\\s+(\\S+)\\s+(\\S+)',
      description:
        'Finds the values on the way in the output: its first group is the share of the budget used, from 0 to 1, its second the value.',
    },
    metric: {
      type: 'string',
      description:
        "The metric whose option `curve` records the incumbent's values on the way. Without it: the one the score is called after.",
    },
    reference: {
      type: 'string',
      enum: ['own', 'learned'],
      default: 'own',
      description:
        "own: a trial is held against the incumbent's own curve. learned: less what that curve turned out to be too good by, from the trials that were held against it and finished.",
    },
    direction: {
      type: 'string',
      enum: ['minimize', 'maximize'],
      description: 'Which way is better for the curve. Without it: as for the score.',
    },
    at: {
      type: 'array',
      items: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
      minItems: 1,
      maxItems: 5,
      default: [0.4],
      description: 'Where to look, as shares of the budget.',
    },
    k: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 1.5,
      description: 'How many times its usual error an early difference must be to stop a trial.',
    },
    floor: {
      type: 'number',
      minimum: 0,
      default: 0,
      description: 'A trial that is behind by less than this, in units of the score, is never stopped.',
    },
    shadowRuns: {
      type: 'integer',
      minimum: 1,
      default: 10,
      description:
        'Experiments that are only watched at first, to learn how far early differences are off; those that finish later are learned from as well.',
    },
    spare: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.1,
      description: 'The share of hopeless trials that may finish anyway, as a check on the rule.',
    },
    mostInARow: {
      type: 'integer',
      minimum: 1,
      default: 4,
      description:
        'After so many trials stopped in a row the next hopeless one may finish too: where all are behind, the machine may have changed, and not the ideas.',
    },
    skipParams: {
      type: 'array',
      items: { type: 'string' },
      default: SCHEDULE,
      description:
        'Candidates that change one of these, by the names of their parameters or by their title, are not compared with the incumbent. * stands for any letters.',
    },
    skipPaths: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'The same for candidates that change one of these files; globs.',
    },
  },
} as const satisfies OptionsSchema;
