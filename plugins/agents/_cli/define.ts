import { definePlugin, type AnyDefinition, type OptionsSchema } from '../../../src/plugin.ts';
import { checkCli, verifyCli } from './check.ts';
import type { CliOptions } from './options.ts';
import { promptOf, propose } from './propose.ts';
import type { Cli } from './types.ts';

interface Named {
  readonly name: string;
  readonly description: string;
  readonly schema: OptionsSchema;
}

/** Makes an agent plugin from the description of a coding agent, or from options that choose one. */
export function defineCli<Options extends CliOptions = CliOptions>(
  { name, description, schema }: Named,
  described: Cli | ((options: Options) => Cli),
): Extract<AnyDefinition, { readonly kind: 'agent'; readonly members?: undefined }> {
  return definePlugin({
    kind: 'agent',
    name,
    apiVersion: 1,
    description,
    schema,
    create: (given, context) => {
      // The options have passed the schema, which the compiler does not know.
      const options = given as unknown as Options;
      const cli = typeof described === 'function' ? described(options) : described;
      return {
        fixAttempts: 1,
        prompt: (brief) => promptOf(cli, options, brief),
        verify: (preflight) => verifyCli(cli, options, context, preflight),
        check: () => checkCli(cli, options, context),
        propose: (brief) => propose(cli, options, context, brief),
      };
    },
  });
}
