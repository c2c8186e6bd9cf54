import { PATIENCE } from '../_delivery/options.ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    uriVariable: {
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      default: 'MLFLOW_TRACKING_URI',
      description:
        'The environment variable that holds the address of the tracking server. Who logs in is in MLFLOW_TRACKING_TOKEN, or in MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.',
      examples: ['MLFLOW_TRACKING_URI'],
    },
    experiment: {
      type: 'string',
      minLength: 1,
      default: 'autoresearch',
      description: 'The experiment of MLflow that the run is put into; it is made if it is not there.',
      examples: ['nanochat'],
    },
    tags: {
      type: 'object',
      default: {},
      additionalProperties: { type: 'string', description: 'Its value.' },
      description: 'Tags that the run gets there, besides its own.',
      examples: [{ team: 'search' }],
    },
    artifacts: {
      type: 'boolean',
      default: true,
      description: "Whether each experiment's record is stored as an artifact, `record.json`; for servers that serve artifacts.",
    },
    live: {
      type: 'boolean',
      default: true,
      description: 'Whether the curves of metrics are shown while a trial runs, as `live/…`.',
    },
    ...PATIENCE,
  },
} as const;
