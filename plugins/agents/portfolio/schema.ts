import type { OptionsSchema } from '../../../src/plugin.ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['agents'],
  properties: {
    agents: {
      type: 'array',
      minItems: 1,
      description: 'The agents that share the experiments, each an entry as under `agent`, with a name of its own.',
      examples: [[{ use: 'claude-code', name: 'opus', with: { model: 'opus' } }, { use: 'codex' }]],
    },
    halfLife: {
      type: 'integer',
      minimum: 1,
      default: 30,
      description: 'After this many experiments, an experiment counts half.',
    },
    trialUsd: {
      type: 'number',
      exclusiveMinimum: 0,
      description:
        'What an experiment is worth besides what its agent costs, in dollars: it then costs this and the agent’s dollars, whatever the budget.',
    },
  },
} as const satisfies OptionsSchema;
