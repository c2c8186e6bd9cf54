import type { AnyDefinition, Kind } from '../src/plugin.ts';
import { BUILTINS } from '../src/plugins/builtin.ts';
import { checkDefinitions } from '../src/plugins/check-definition.ts';

/** Every built-in plugin of a kind, in the order of src/plugins/builtin.ts. */
export async function builtinDefinitions(kind: Kind): Promise<AnyDefinition[]> {
  const modules = await Promise.all(Object.values(BUILTINS[kind]).map((load) => load()));
  return modules.flatMap((module) => checkDefinitions(module.default, kind)).filter((definition) => definition.kind === kind);
}
