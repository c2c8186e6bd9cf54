import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AutoresearchError } from './errors.ts';
import { makeFolders } from './folders.ts';
import type { Kind } from './plugin.ts';
import { builtin } from './plugins/builtin.ts';
import { ownPackage } from './plugins/package.ts';
import { refuseOverwriting } from './scaffold.ts';

export interface PluginNames {
  /** Of the plugin, such as `model-size`. */
  readonly plugin: string;
  /** Of the package, such as `@lab/autoresearch-plugin-model-size`. */
  readonly package: string;
  /** What a config writes. */
  readonly use: string;
  /** The folder to write to, where none is given. */
  readonly folder: string;
}

/**
 * `x`, `autoresearch-plugin-x`, `@scope/x` or `@scope/autoresearch-plugin-x`.
 * @throws AutoresearchError USAGE or PLUGIN_SHADOWS_BUILTIN
 */
export function pluginNames(kind: Kind, name: string): PluginNames {
  const [, scope, plugin] = /^(@[a-z0-9][a-z0-9._-]*\/)?(?:autoresearch-plugin-)?([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(name) ?? [];
  if (plugin === undefined) {
    const hint = 'small letters, digits and hyphens: autoresearch plugin new metric model-size, or @lab/model-size';
    throw new AutoresearchError('USAGE', `"${name}" is no name for a plugin`, { hint });
  }
  if (scope === undefined && builtin(kind, plugin) !== undefined) {
    throw new AutoresearchError('PLUGIN_SHADOWS_BUILTIN', `autoresearch has a ${kind} "${plugin}" already`, {
      hint: 'Give it another name: a built-in cannot be replaced.',
    });
  }
  const folder = `autoresearch-plugin-${plugin}`;
  return { plugin, package: `${scope ?? ''}${folder}`, use: scope === undefined ? plugin : `'${scope}${folder}'`, folder };
}

/**
 * Writes a package with a plugin of this kind that works, from templates/plugin; answers its files.
 * @throws AutoresearchError CONFIG_EXISTS where one of them is there
 */
export function scaffoldPlugin(dir: string, kind: Kind, names: PluginNames): readonly string[] {
  const templates = join(ownPackage().dir, 'templates', 'plugin');
  const files = new Map([
    // Under its own name it would count as a part of our package.
    ['package.json', join('common', '_package.json')],
    ['tsconfig.json', join('common', 'tsconfig.json')],
    // npm leaves files of the name .gitignore out of a package.
    ['.gitignore', join('common', 'gitignore')],
    ['README.md', join('common', 'README.md')],
    [join('src', 'index.ts'), join(kind, 'index.ts')],
    [join('src', 'index.cases.ts'), join(kind, 'index.cases.ts')],
    [join('src', 'index.test.ts'), join('common', 'src', 'index.test.ts')],
  ]);
  refuseOverwriting(dir, [...files.keys()], 'choose an empty folder: autoresearch plugin new … --dir DIR');
  const usage = readFileSync(join(templates, kind, 'usage.md'), 'utf8').trim();
  for (const [target, source] of files) {
    makeFolders(dirname(join(dir, target)));
    cpSync(join(templates, source), join(dir, target));
    const text = readFileSync(join(dir, target), 'utf8').replace('<!-- usage -->', usage);
    writeFileSync(join(dir, target), named(text, kind, names));
  }
  return [...files.keys()];
}

function named(text: string, kind: Kind, names: PluginNames): string {
  return text
    .replaceAll('../autoresearch-plugin-my-plugin/', `../${names.folder}/`)
    .replaceAll('autoresearch-plugin-my-plugin', names.package)
    .replaceAll('use: my-plugin', `use: ${names.use}`)
    .replaceAll('my-plugin', names.plugin)
    .replaceAll('plugin-kind', kind);
}
