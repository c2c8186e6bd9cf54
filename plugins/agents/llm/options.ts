import type { FromSchema, OptionsSchema } from '../../../src/plugin.ts';
import { schema as cli } from '../_cli/options.ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['provider', 'model'],
  properties: {
    provider: {
      enum: ['anthropic', 'openai', 'google', 'openai-compatible'],
      description: 'Whose API it is; the last one is what local servers such as Ollama, vLLM and llama.cpp speak.',
    },
    model: { type: 'string', minLength: 1, description: 'The model, as the provider names it.' },
    key: { type: 'string', minLength: 1, description: 'The name of the variable that holds the key; `openai-compatible` may do without.' },
    url: cli.properties.url,
    structured: {
      type: 'boolean',
      default: true,
      description: 'Hold the model to the schema of the answer; turn it off for servers that cannot.',
    },
    maxChars: {
      type: 'integer',
      minimum: 1000,
      default: 200_000,
      description: 'The most characters of editable files that a prompt may hold.',
    },
    maxOutputTokens: { type: 'integer', minimum: 100, default: 16_000, description: 'The longest answer; some models take less.' },
    prices: cli.properties.prices,
  },
} as const satisfies OptionsSchema;

export type LlmOptions = FromSchema<typeof schema>;
