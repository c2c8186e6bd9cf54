import type { Config, PluginUse } from '../../config/types.ts';

/** Gates that compare scores or check the scope: the prompt describes both in its own words. */
const TOLD = new Set(['single', 'posterior', 'min-delta', 'sprt', 'pruner', 'audit', 'scope']);

/** What is checked besides the score, a line each, in the words of the config. */
export function constraintsOf({ objective, gates }: Config): string[] {
  return [objective, ...gates].filter(({ use }) => !TOLD.has(use)).map(lineOf);
}

function lineOf({ use, with: options }: PluginUse): string {
  return options && Object.keys(options).length > 0 ? `${use} ${JSON.stringify(options)}` : use;
}
