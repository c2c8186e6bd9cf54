import type { OptionsSchema } from '../../../src/plugin.ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['run'],
  properties: {
    run: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', minLength: 1, description: 'A word of the command.' },
      description: 'The program and its arguments, run in the project’s folder of the worktree.',
    },
    shell: { type: 'boolean', default: false, description: 'Join the words with spaces and hand them to the shell.' },
    env: {
      type: 'array',
      default: [],
      items: { type: 'string', minLength: 1, description: 'The name of a variable.' },
      description: 'Names of further environment variables this agent gets, such as the one with its key.',
    },
  },
} as const satisfies OptionsSchema;
