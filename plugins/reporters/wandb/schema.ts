import { PATIENCE } from '../_delivery/options.ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    project: {
      type: 'string',
      minLength: 1,
      default: 'autoresearch',
      description: 'The project of Weights & Biases that the run is put into.',
      examples: ['nanochat'],
    },
    entity: {
      type: 'string',
      minLength: 1,
      description: 'The team or the user it belongs to; without it the one that is logged in.',
      examples: ['my-team'],
    },
    mode: {
      type: 'string',
      enum: ['online', 'offline'],
      description: 'With `offline` everything is kept in files, for `wandb sync` later. Default: what WANDB_MODE says, else `online`.',
      examples: ['offline'],
    },
    dir: {
      type: 'string',
      minLength: 1,
      default: '.autoresearch',
      description: "Where W&B keeps its files, relative to the project's folder: a folder `wandb` is made in it.",
    },
    tags: {
      type: 'array',
      items: { type: 'string', minLength: 1, description: 'A tag.' },
      default: [],
      description: 'Tags of the run there.',
      examples: [['nightly']],
    },
    python: {
      type: 'string',
      minLength: 1,
      default: 'python3',
      description: "A Python that has the package wandb; a path is relative to the project's folder.",
      examples: ['.venv/bin/python'],
    },
    live: {
      type: 'boolean',
      default: true,
      description: 'Whether the last values of the curves are shown while a trial runs, as `live/…` in the summary.',
    },
    patienceMs: PATIENCE.patienceMs,
    timeoutMs: { ...PATIENCE.timeoutMs, default: 60_000 },
  },
} as const;
