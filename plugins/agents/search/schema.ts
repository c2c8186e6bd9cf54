import type { OptionsSchema } from '../../../src/plugin.ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['parameters'],
  properties: {
    parameters: {
      type: 'array',
      minItems: 1,
      description: 'The parameters to search. Each must have one plain value in an editable file.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['file', 'name', 'type'],
        properties: {
          file: {
            type: 'string',
            minLength: 1,
            description:
              'The file, relative to the project folder: source code or a config file of a known language, any text with `pattern`.',
          },
          name: {
            type: 'string',
            minLength: 1,
            description: 'The name as it is assigned in the file; dotted in YAML, JSON, TOML and INI, such as `optimizer.lr`.',
          },
          pattern: {
            type: 'string',
            minLength: 1,
            description:
              'A regular expression whose one group is the value, such as `-O(\\d)`, where the name alone does not tell the place. It must fit once.',
          },
          type: { enum: ['float', 'int', 'bool', 'choice'], description: 'What values it takes.' },
          range: {
            type: 'array',
            minItems: 2,
            maxItems: 2,
            items: { type: 'number', description: 'A bound.' },
            description: 'The lowest and the highest value of a float or int.',
          },
          values: {
            type: 'array',
            minItems: 2,
            items: { type: ['string', 'number', 'boolean'], description: 'A value.' },
            description: 'The values of a choice.',
          },
          scale: {
            enum: ['linear', 'log'],
            default: 'linear',
            description: 'Log for what is compared by factors, such as learning rates.',
          },
        },
      },
    },
  },
} as const satisfies OptionsSchema;
