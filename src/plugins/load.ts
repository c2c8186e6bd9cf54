import { didYouMean } from '../config/suggest.ts';
import { AutoresearchError } from '../errors.ts';
import type { AnyDefinition, Kind } from '../contract/definition.ts';
import { builtin, builtinNames, kindsOf } from './builtin.ts';
import { checkDefinitions } from './check-definition.ts';
import { findModule, importDefinitions, isPath, type PluginModule } from './module.ts';
import { ownPackage } from './package.ts';

/** What a run's record says about a plugin. */
export interface PluginRecord {
  readonly kind: Kind;
  readonly name: string;
  /** Null for a file that belongs to no package. */
  readonly version: string | null;
  /** `builtin`, a package's name, or a path from the project's folder. */
  readonly path: string;
}

export interface LoadedPlugin {
  readonly definition: AnyDefinition;
  readonly record: PluginRecord;
  /** The same `use`, as a config in the project's folder would write it. */
  readonly use: string;
}

/** Plugins of the modules under `plugins:`, which a config can use by name. */
export type DeclaredPlugins = readonly { readonly definition: AnyDefinition; readonly module: PluginModule }[];

export interface PluginRequest {
  readonly kind: Kind;
  readonly use: string;
  /** The folder of the file that said it. */
  readonly from: string;
}

/**
 * Loads what a `use` names: a built-in, a declared plugin, a package, or a file.
 * @throws AutoresearchError PLUGIN_NOT_FOUND, PLUGIN_KIND, PLUGIN_INVALID or PLUGIN_API_VERSION
 */
export async function loadPlugin(request: PluginRequest, declared: DeclaredPlugins, projectDir: string): Promise<LoadedPlugin> {
  const { kind, use, from } = request;
  const load = builtin(kind, use);
  if (load !== undefined) return fromBuiltin(kind, use, (await load()).default);
  const known = declared.find(({ definition }) => definition.kind === kind && definition.name === use);
  if (known !== undefined) return { definition: known.definition, record: recordOf(known.definition, known.module), use };
  const [specifier, name] = splitName(use);
  const isLiteral = isPath(specifier) || specifier.startsWith('@');
  const module = findModule(isLiteral ? specifier : `autoresearch-plugin-${specifier}`, from, projectDir);
  if (module === null) throw notFound(request, declared);
  const definition = choose(await importDefinitions(module), kind, name, module);
  const named = isLiteral || isPath(module.specifier) ? module.specifier : specifier;
  return { definition, record: recordOf(definition, module), use: name === undefined ? named : `${named}#${name}` };
}

/**
 * Loads one module of the list `plugins:`.
 * @throws AutoresearchError PLUGIN_NOT_FOUND, PLUGIN_INVALID, PLUGIN_API_VERSION or PLUGIN_SHADOWS_BUILTIN
 */
export async function loadDeclared(
  specifier: string,
  from: string,
  projectDir: string,
): Promise<{ module: PluginModule; plugins: DeclaredPlugins }> {
  const module = findModule(specifier, from, projectDir);
  if (module === null) {
    const hint = `Install it with \`npm install -D ${specifier}\`, or write a path that starts with ./`;
    throw new AutoresearchError('PLUGIN_NOT_FOUND', `the package ${specifier} is not installed`, { hint });
  }
  const definitions = await importDefinitions(module);
  const shadow = definitions.find(({ kind, name }) => builtin(kind, name) !== undefined);
  if (shadow !== undefined) {
    throw new AutoresearchError('PLUGIN_SHADOWS_BUILTIN', `${module.path} has a ${shadow.kind} "${shadow.name}", and so has autoresearch`, {
      hint: 'Give it another name: a built-in cannot be replaced.',
    });
  }
  return { module, plugins: definitions.map((definition) => ({ definition, module })) };
}

function fromBuiltin(kind: Kind, use: string, exported: unknown): LoadedPlugin {
  const definition = checkDefinitions(exported, `the built-in ${kind} ${use}`).find((found) => found.kind === kind);
  if (definition === undefined) throw new Error(`the built-in ${use} is not a ${kind}`);
  return { definition, record: { kind, name: definition.name, version: ownPackage().version, path: 'builtin' }, use };
}

function recordOf({ kind, name }: AnyDefinition, { version, path }: PluginModule): PluginRecord {
  return { kind, name, version, path };
}

function splitName(use: string): [specifier: string, name: string | undefined] {
  const hash = use.indexOf('#');
  return hash < 0 ? [use, undefined] : [use.slice(0, hash), use.slice(hash + 1)];
}

function choose(definitions: readonly AnyDefinition[], kind: Kind, name: string | undefined, module: PluginModule): AnyDefinition {
  const fitting = definitions.filter((definition) => definition.kind === kind && (name === undefined || definition.name === name));
  const [first, second] = fitting;
  const has = definitions.map((definition) => `${definition.kind} "${definition.name}"`).join(', ');
  if (first === undefined) {
    throw new AutoresearchError('PLUGIN_KIND', `${module.path} has no ${kind}${name === undefined ? '' : ` "${name}"`}`, {
      hint: `It has: ${has}.`,
    });
  }
  if (second === undefined) return first;
  throw new AutoresearchError('PLUGIN_INVALID', `${module.path} has several plugins of the kind ${kind}`, {
    hint: `Choose one by its name: ${module.specifier}#${first.name}. It has: ${has}.`,
  });
}

function notFound({ kind, use }: PluginRequest, declared: DeclaredPlugins): AutoresearchError {
  const elsewhere = [
    ...kindsOf(use),
    ...declared.filter(({ definition }) => definition.name === use).map(({ definition }) => definition.kind),
  ];
  const names = [
    ...builtinNames(kind),
    ...declared.filter(({ definition }) => definition.kind === kind).map(({ definition }) => definition.name),
  ];
  if (elsewhere.length > 0) {
    const hint = `Names of the kind ${kind}: ${names.join(', ')}.`;
    return new AutoresearchError('PLUGIN_KIND', `"${use}" is of the kind ${elsewhere.join(' and ')}, not ${kind}`, { hint });
  }
  const [specifier] = splitName(use);
  const install = `npm install -D ${specifier.startsWith('@') ? specifier : `autoresearch-plugin-${specifier}`}`;
  return new AutoresearchError('PLUGIN_NOT_FOUND', `there is no ${kind} "${use}"${didYouMean(use, names)}`, {
    hint: `Names of the kind ${kind}: ${names.join(', ')}. If it is a package: \`${install}\`. If it is a file, start with ./`,
  });
}
