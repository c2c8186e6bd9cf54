import type { Team } from '../contract/agent.ts';
import type { PluginContext } from '../contract/context.ts';
import type { AnyDefinition } from '../contract/definition.ts';
import type { Roles } from '../contract/roles.ts';

/** Makes an instance. The options must have passed the definition's schema. */
export function createInstance<K extends AnyDefinition['kind']>(
  definition: Extract<AnyDefinition, { readonly kind: K }>,
  options: Readonly<Record<string, unknown>>,
  context: PluginContext,
): Roles[K] | Team {
  // The schema has been checked against these options; only the compiler cannot know.
  return definition.create(options as never, context) as Roles[K] | Team;
}
