import type { FromSchema, OptionsSchema } from '../../../src/plugin.ts';
import type { FormatName } from './formats.ts';

const dollars = (what: string) => ({ type: 'number', minimum: 0, description: `Dollars per million ${what}.` }) as const;

/** What all coding agents take. */
export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    model: { type: 'string', minLength: 1, description: 'The model, as the agent names it; without it the agent’s own choice.' },
    program: { type: 'string', minLength: 1, description: 'Where the agent is, when it is not on PATH.' },
    key: { type: 'string', minLength: 1, description: 'The name of the variable that holds the key.' },
    url: { type: 'string', pattern: '^https?://', description: 'Where the model service is, without `/v1`; http or https.' },
    login: {
      type: 'boolean',
      default: false,
      description: 'Use the login the agent has in your home folder instead of a key. Nothing is metered then.',
    },
    unrestricted: {
      type: 'boolean',
      default: false,
      description: 'Let the agent run commands and edit any file; changes outside the scope are still refused.',
    },
    args: {
      type: 'array',
      default: [],
      items: { type: 'string', description: 'An argument.' },
      description: 'Further arguments for the agent.',
    },
    env: {
      type: 'array',
      default: [],
      items: { type: 'string', minLength: 1, description: 'The name of a variable.' },
      description: 'Names of further environment variables the agent gets; its tools see them too.',
    },
    history: {
      enum: ['prompt', 'mcp'],
      default: 'prompt',
      description:
        'How the agent learns what was tried: all of it from the prompt; or from a short digest there, and tools to search, list, show and compare experiments (needs `@modelcontextprotocol/server`).',
    },
    prices: {
      type: 'object',
      description: 'By model, or the start of its name, or `*`: the meter computes dollars from these.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['input', 'output'],
        properties: {
          input: dollars('input tokens'),
          output: dollars('output tokens'),
          cached: dollars('tokens read from the provider’s cache; default as input'),
          cacheWrite: dollars('tokens written to it; default as input'),
        },
      },
    },
  },
} as const satisfies OptionsSchema;

/** The same for agents that speak several APIs. */
export const schemaWithFormat = {
  ...schema,
  required: ['model'],
  properties: {
    ...schema.properties,
    format: {
      enum: ['anthropic', 'responses', 'chat', 'gemini'],
      default: 'anthropic',
      description: 'The API of the model service: Anthropic’s, OpenAI’s two, or Gemini’s.',
    },
  },
} as const satisfies OptionsSchema;

/** For an agent that takes no servers of the Model Context Protocol. */
export function withoutHistory<S extends { readonly properties: { readonly history: unknown } }>({ properties, ...schema }: S) {
  const { history: _history, ...others } = properties;
  return { ...schema, properties: others };
}

export type CliOptions = Omit<FromSchema<typeof schema>, 'args' | 'history'> & {
  readonly history?: 'prompt' | 'mcp';
  readonly args?: readonly string[];
  readonly format?: FormatName;
};
