/** What a plugin's module exports. */
import type { Hooks } from '../hooks.ts';
import type { FromSchema, OptionsSchema } from '../plugins/options-schema.ts';
import type { PluginContext } from './context.ts';
import type { Roles } from './roles.ts';

/** The version of this contract; a plugin states the one it was written for. */
export const API_VERSION = 1;

export type Kind = keyof Roles;

export interface Definition<K extends Kind = Kind, S extends OptionsSchema | false = OptionsSchema | false> {
  readonly kind: K;
  readonly name: string;
  readonly apiVersion: typeof API_VERSION;
  /** One sentence, shown in the editor and in the docs. */
  readonly description: string;
  /** A closed JSON schema (`additionalProperties: false`), or false for a plugin without options. */
  readonly schema: S;
  create(options: S extends OptionsSchema ? FromSchema<S> : Record<string, never>, context: PluginContext): Roles[K];
  /** For what the kind's interface does not offer: taps any hook. The facade cannot call hooks. */
  apply?(hooks: Hooks, options: S extends OptionsSchema ? FromSchema<S> : Record<string, never>, context: PluginContext): void;
}

/** Names the types of a plugin; its options are inferred from the schema. */
export function definePlugin<const K extends Kind, const S extends OptionsSchema | false>(definition: Definition<K, S>): Definition<K, S> {
  return definition;
}

/** A definition whose option types are not known: what a loader holds. */
export type AnyDefinition = {
  [K in Kind]: Omit<Definition<K, false>, 'create' | 'apply' | 'schema'> & {
    readonly schema: OptionsSchema | false;
    create(options: never, context: PluginContext): Roles[K];
    apply?(hooks: Hooks, options: never, context: PluginContext): void;
  };
}[Kind];
