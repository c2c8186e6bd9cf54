import type { AnyDefinition, PluginContext, Roles, Team } from '../plugin.ts';

/** Makes an instance. The options must have passed the definition's schema. */
export function createInstance<K extends AnyDefinition['kind']>(
  definition: Extract<AnyDefinition, { readonly kind: K }>,
  options: Readonly<Record<string, unknown>>,
  context: PluginContext,
): Roles[K] | Team {
  // The schema has been checked against these options; only the compiler cannot know.
  return definition.create(options as never, context) as Roles[K] | Team;
}
