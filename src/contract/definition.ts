/** What a plugin's module exports. */
import type { Hooks } from '../hooks.ts';
import type { FromSchema, OptionsSchema } from '../plugins/options-schema.ts';
import type { Team } from './agent.ts';
import type { PluginContext } from './context.ts';
import type { Roles } from './roles.ts';

/** The version of this contract; a plugin states the one it was written for. */
export const API_VERSION = 1;

export type Kind = keyof Roles;

export interface Definition<
  K extends Kind = Kind,
  S extends OptionsSchema | false = OptionsSchema | false,
  M extends string | undefined = undefined,
> {
  readonly kind: K;
  readonly name: string;
  readonly apiVersion: typeof API_VERSION;
  /** One sentence, shown in the editor and in the docs. */
  readonly description: string;
  /** A closed JSON schema (`additionalProperties: false`), or false for a plugin without options. */
  readonly schema: S;
  /**
   * Of an agent that shares experiments among agents of its own: the option that lists them. Its schema says no more than
   * that it is a list: the entries are read and checked like those under `agent:`, the options of each by the schema of its
   * plugin. `create` then makes a Team.
   */
  readonly members?: M;
  /**
   * Of a trainer whose trials run on other machines: what it starts here are clients such as ssh, and nothing of a candidate.
   * They run outside the sandbox, with the person's own keys.
   */
  readonly isRemote?: boolean;
  create(
    options: S extends OptionsSchema ? FromSchema<S> : Record<string, never>,
    context: PluginContext,
  ): M extends string ? Team : Roles[K];
  /** Taps any hook, for what the kind's interface does not offer. The hooks can be tapped but not called. */
  apply?(hooks: Hooks, options: S extends OptionsSchema ? FromSchema<S> : Record<string, never>, context: PluginContext): void;
}

/** Names the types of a plugin; its options are inferred from the schema. */
export function definePlugin<const K extends Kind, const S extends OptionsSchema | false, const M extends string | undefined = undefined>(
  definition: Definition<K, S, M>,
): Definition<K, S, M> {
  return definition;
}

type Loaded<K extends Kind, M extends string | undefined> = Omit<Definition<K, false, M>, 'create' | 'apply' | 'schema'> & {
  readonly schema: OptionsSchema | false;
  create(options: never, context: PluginContext): M extends string ? Team : Roles[K];
  apply?(hooks: Hooks, options: never, context: PluginContext): void;
};

/** A definition whose option types are not known: what a loader holds. */
export type AnyDefinition = { [K in Kind]: Loaded<K, undefined> }[Kind] | (Loaded<'agent', string> & { readonly members: string });
