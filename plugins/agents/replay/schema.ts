import type { OptionsSchema } from '../../../src/plugin.ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    from: {
      type: 'string',
      minLength: 1,
      description: 'A folder of *.patch and *.diff files, applied in the order of their names; NAME.json beside NAME.patch is its report.',
    },
    run: {
      type: 'string',
      minLength: 1,
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
      description: 'A recorded run: all its candidates, kept or not, in their order.',
    },
    branch: {
      type: 'string',
      minLength: 1,
      pattern: '^[^-]',
      description: 'A branch: its commits since the commit this run started from.',
    },
  },
} as const satisfies OptionsSchema;
