import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { AutoresearchError } from '../errors.ts';
import { entryOf, findPackage } from './find-package.ts';
import { findModule, isPath, type PluginModule } from './module.ts';
import { readPackage } from './package.ts';

/** The source file in a package made by `plugin new`; it is preferred to the build, which may be older. */
const SOURCES = ['src/index.ts', 'src/index.js', 'src/index.mjs'];

/**
 * The plugin module that a person at a command line means: a folder, a file, or an installed package by its whole or short name.
 * @throws AutoresearchError PLUGIN_NOT_FOUND
 */
export function findTarget(target: string, cwd: string): PluginModule {
  const path = resolve(cwd, target);
  if (existsSync(path)) return statSync(path).isDirectory() ? inFolder(path, cwd) : fileModule(path, cwd);
  const short = `autoresearch-plugin-${target}`;
  const name = findPackage(target, cwd) === null && findPackage(short, cwd) !== null ? short : target;
  const found = isPath(target) ? null : findModule(name, cwd, cwd);
  if (found !== null) return found;
  throw new AutoresearchError('PLUGIN_NOT_FOUND', `there is no file, folder or installed package ${target}`, {
    hint: 'A path starts from this folder; a package is looked for in its node_modules.',
  });
}

function inFolder(dir: string, cwd: string): PluginModule {
  const info = readPackage(dir);
  const source = SOURCES.map((file) => join(dir, file)).find((file) => existsSync(file));
  const file = source ?? (info === null ? null : entryOf(info, ''));
  if (file !== null) return { ...fileModule(file, cwd), version: info?.version ?? null };
  throw new AutoresearchError('PLUGIN_NOT_FOUND', `${relative(cwd, dir) || 'this folder'} holds no plugin`, {
    hint: `It needs ${SOURCES[0]}, or a package.json whose exports lead to a file that is there. To start one: autoresearch plugin new`,
  });
}

function fileModule(file: string, cwd: string): PluginModule {
  const path = relative(cwd, file);
  return { file, specifier: path.startsWith('..') ? path : `./${path}`, path, version: null };
}
