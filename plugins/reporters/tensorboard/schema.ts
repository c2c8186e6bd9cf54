import { PATIENCE } from '../_delivery/options.ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    dir: {
      type: 'string',
      minLength: 1,
      description:
        "The folder that TensorBoard is started on, relative to the project's folder; each run gets a folder of its name in it. Default: `.autoresearch/tensorboard`.",
      examples: ['runs'],
    },
    curves: {
      type: 'string',
      enum: ['keeps', 'all', 'none'],
      default: 'keeps',
      description:
        'Of which experiments the curves of metrics are shown. TensorBoard shows each as a run of its own, so thousands are slow.',
    },
    live: {
      type: 'boolean',
      default: true,
      description: 'Whether the curves of metrics are shown while a trial runs, as `live/…`.',
    },
    patienceMs: PATIENCE.patienceMs,
  },
} as const;
