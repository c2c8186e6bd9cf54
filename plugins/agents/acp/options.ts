import type { OptionsSchema } from '../../../src/plugin.ts';
import { schemaWithFormat, type CliOptions } from '../_cli/options.ts';

const { program: _program, args: _args, ...common } = schemaWithFormat.properties;
const FILLED = '`{url}`, `{token}`, `{model}`, `{home}` and `{cwd}` in it are filled in';

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['command'],
  properties: {
    command: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', minLength: 1, description: `An argument; ${FILLED}.` },
      description: 'What starts the agent, such as `[gemini, --acp]`.',
    },
    ...common,
    set: {
      type: 'object',
      default: {},
      additionalProperties: { type: 'string', description: `A value; ${FILLED}.` },
      description:
        'Variables of the environment that tell the agent where its model is, such as `{ ANTHROPIC_BASE_URL: "{url}", ANTHROPIC_API_KEY: "{token}" }`. One that needs what there is not, such as a token with `login`, is left out.',
    },
    files: {
      type: 'object',
      default: {},
      additionalProperties: { type: 'string', description: `Its text; ${FILLED}.` },
      description: 'Files it finds in its home, by path below it. Not written with `login`, which is in your own home.',
    },
    auth: { type: 'string', minLength: 1, description: 'The id of the sign-in method, for agents that need it.' },
    mode: { type: 'string', minLength: 1, description: 'The id of the mode to start its sessions in.' },
  },
} as const satisfies OptionsSchema;

export interface AcpOptions extends CliOptions {
  readonly command: readonly [string, ...string[]];
  readonly set: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly auth?: string;
  readonly mode?: string;
}
