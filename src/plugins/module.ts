import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AutoresearchError, messageOf } from '../errors.ts';
import type { AnyDefinition } from '../contract/definition.ts';
import { checkDefinitions } from './check-definition.ts';
import { findPackage, type PackageFile } from './find-package.ts';

/** A module of plugins outside autoresearch. */
export interface PluginModule {
  readonly file: string;
  /** How a config in the project's folder names the same module. */
  readonly specifier: string;
  /** What the run's record calls it: a package's name, or the path from the project's folder. */
  readonly path: string;
  readonly version: string | null;
}

export function isPath(specifier: string): boolean {
  return specifier.startsWith('./') || specifier.startsWith('../') || isAbsolute(specifier);
}

/**
 * Finds the module a config names with a path or a package name.
 * @param from the folder of the file that said it
 * @throws AutoresearchError PLUGIN_NOT_FOUND
 */
export function findModule(specifier: string, from: string, projectDir: string): PluginModule | null {
  if (isPath(specifier)) return findLocal(specifier, from, projectDir);
  const [inProject, nearby] = [findPackage(specifier, projectDir), findPackage(specifier, from)];
  // A full package name is looked for from the file that names it first; a short name from the project first.
  const found = specifier.startsWith('@') ? (nearby ?? inProject) : (inProject ?? nearby);
  if (found === null) return null;
  const file = entryOf(found, specifier);
  const isSame = inProject !== null && inProject.file === file;
  return {
    file,
    specifier: isSame ? specifier : toSpecifier(file, projectDir),
    path: found.info.name || specifier,
    version: found.info.version,
  };
}

/**
 * Imports a module and checks everything it exports.
 * @throws AutoresearchError PLUGIN_INVALID or PLUGIN_API_VERSION
 */
export async function importDefinitions(module: PluginModule): Promise<AnyDefinition[]> {
  const exported = await importDefault(module);
  return checkDefinitions(exported, module.path);
}

async function importDefault(module: PluginModule): Promise<unknown> {
  try {
    const loaded: { readonly default?: unknown } = await import(pathToFileURL(module.file).href);
    return loaded.default;
  } catch (error) {
    throw new AutoresearchError('PLUGIN_INVALID', `${module.path} cannot be loaded: ${messageOf(error)}`, {
      hint: hintFor(error, module),
      cause: error,
    });
  }
}

function hintFor(error: unknown, { specifier }: PluginModule): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING')
    return 'Node strips no types below node_modules, so a package must hold JavaScript: see "Publishing" in docs/plugins.md.';
  if (/outside a module|Unexpected token 'export'/.test(messageOf(error)))
    return 'Its package.json says "type": "commonjs": say "module" there, or name the file .mts or .mjs.';
  return `To see more, import it alone: node -e "import('${specifier}')"`;
}

function findLocal(specifier: string, from: string, projectDir: string): PluginModule {
  const file = resolve(from, specifier);
  if (!existsSync(file)) {
    throw new AutoresearchError('PLUGIN_NOT_FOUND', `there is no file ${specifier}`, {
      hint: 'A path starts from the folder of the file that says it.',
    });
  }
  const path = toSpecifier(file, projectDir);
  return { file, specifier: path, path: path.replace(/^\.\//, ''), version: null };
}

function entryOf(found: PackageFile, specifier: string): string {
  if (found.file !== null) return found.file;
  throw new AutoresearchError(
    'PLUGIN_NOT_FOUND',
    `the package ${found.info.name || specifier} is installed but exports no module for ${specifier}`,
    {
      hint: 'Its package.json needs `exports` or `main`.',
    },
  );
}

function toSpecifier(file: string, projectDir: string): string {
  const path = relative(projectDir, file).split(sep).join('/');
  return path.startsWith('../') || isAbsolute(path) ? path : `./${path}`;
}
