import type { AgentUse, Config } from './types.ts';

/** A type as a user may write it: every key is optional, because it has a default or comes from what is extended; null removes a value. */
type Input<T> = T extends readonly (infer Item)[]
  ? readonly Input<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Input<T[Key]> | null } & (T extends { readonly use: string } ? { readonly use: string } : unknown)
    : T;

/** A config as `autoresearch.config.ts` exports it; docs/config.md describes each key. */
export type ConfigInput = Input<Omit<Config, 'agent'>> & {
  readonly extends?: string;
  readonly agent?: Input<AgentUse> | readonly Input<AgentUse>[];
};

/** Types the config of `autoresearch.config.ts`: `export default defineConfig({ … })`. It may also be a function. */
export function defineConfig(config: ConfigInput | (() => ConfigInput | Promise<ConfigInput>)): typeof config {
  return config;
}
