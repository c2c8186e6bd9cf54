import { AutoresearchError, type ErrorCode } from '../errors.ts';
import { API_VERSION, type AnyDefinition } from '../contract/definition.ts';
import { KINDS } from './builtin.ts';

/**
 * Checks a module's default export: one definition or a list of them.
 * @throws AutoresearchError PLUGIN_INVALID or PLUGIN_API_VERSION
 */
export function checkDefinitions(exported: unknown, module: string): AnyDefinition[] {
  const list: unknown[] = Array.isArray(exported) ? exported : [exported];
  if (list.length === 0 || list.includes(undefined)) throw refuse(module, 'has no plugin as its default export');
  return list.map((value) => checkDefinition(value, module));
}

function checkDefinition(value: unknown, module: string): AnyDefinition {
  if (typeof value !== 'object' || value === null)
    throw refuse(module, `exports ${value === null ? 'null' : `a ${typeof value}`} instead of a plugin`);
  const shape: { readonly [key: string]: unknown } = { ...value };
  // The version is checked first, because a definition of another version may look different.
  checkVersion(shape['apiVersion'], module);
  const problem = problemOf(shape);
  if (problem !== null) throw refuse(module, problem);
  // Every field has been looked at above; the types of its options stay unknown.
  return value as AnyDefinition;
}

function problemOf(shape: { readonly [key: string]: unknown }): string | null {
  const { kind, name, description, schema, members, create, apply } = shape;
  if (!KINDS.some((known) => known === kind)) return `has no known kind; kinds are ${KINDS.join(', ')}`;
  if (typeof name !== 'string' || name === '') return `has a ${String(kind)} without a name`;
  const label = `${String(kind)} "${name}"`;
  if (typeof description !== 'string' || description.trim() === '') return `has no description for its ${label}`;
  if (typeof create !== 'function') return `has no create function for its ${label}`;
  if (apply !== undefined && typeof apply !== 'function') return `has an apply that is not a function for its ${label}`;
  if (schema !== false && !isClosed(schema)) return `has an open option schema for its ${label}`;
  if (members === undefined || (kind === 'agent' && isList(schema, members))) return null;
  return `has members for its ${label} that are not an option with a list of agents`;
}

function isList(schema: unknown, name: unknown): boolean {
  const { properties }: { properties?: unknown } = typeof schema === 'object' && schema !== null ? schema : {};
  const option: unknown = typeof properties === 'object' && properties !== null ? Reflect.get(properties, String(name)) : undefined;
  return typeof option === 'object' && option !== null && 'type' in option && option.type === 'array';
}

function isClosed(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  const { type, additionalProperties, properties }: { type?: unknown; additionalProperties?: unknown; properties?: unknown } = schema;
  return type === 'object' && additionalProperties === false && typeof properties === 'object' && properties !== null;
}

function checkVersion(version: unknown, module: string): void {
  if (version === API_VERSION) return;
  if (version === undefined)
    throw fail('PLUGIN_API_VERSION', module, 'states no apiVersion', `Add \`apiVersion: ${API_VERSION}\` to the definition.`);
  const isNewer = typeof version === 'number' && version > API_VERSION;
  const hint = isNewer ? 'Update autoresearch, or install an older version of the plugin.' : 'Install a newer version of the plugin.';
  throw fail(
    'PLUGIN_API_VERSION',
    module,
    `is written for plugin API ${JSON.stringify(version)}; this autoresearch has ${API_VERSION}`,
    hint,
  );
}

function refuse(module: string, problem: string): AutoresearchError {
  const hint =
    'A plugin is `export default { kind, name, apiVersion, description, schema, create }`; the schema is closed (additionalProperties: false) or false.';
  return fail('PLUGIN_INVALID', module, problem, hint);
}

function fail(code: ErrorCode, module: string, problem: string, hint: string): AutoresearchError {
  return new AutoresearchError(code, `${module} ${problem}`, { hint });
}
