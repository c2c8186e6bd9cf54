import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, isAbsolute, resolve } from 'node:path';
import { AutoresearchError } from '../errors.ts';
import { findPackage } from '../plugins/find-package.ts';
import type { Diagnostics } from './diagnostics.ts';
import { find, isNull, textAt, type Located } from './located.ts';
import type { FoundConfig } from './find.ts';
import { merge } from './merge.ts';
import { locateModule, MODULES } from './module.ts';
import { packagePresetFile, presetFile, presetNames } from './preset.ts';
import { parseSource } from './source.ts';
import { didYouMean } from './suggest.ts';
import { fillVariables } from './variables.ts';

/** A config; `extends` on the command line replaces its own. */
export type Layer = FoundConfig & { readonly extends?: string };

/**
 * Reads a config and everything it extends, and merges them, the config itself on top.
 * Answers null, with the errors added to `diagnostics`, when a layer cannot be read.
 */
export function readLayers(layer: Layer, diagnostics: Diagnostics, chain: readonly string[] = []): Located | null {
  const read = 'text' in layer ? parseSource(layer.file, layer.text, diagnostics) : locateModule(layer.file, layer.value, diagnostics);
  if (read === null) return null;
  // A module can read the environment itself.
  const root = 'text' in layer ? fillVariables(read, process.env, diagnostics) : read;
  const self = [...chain, layer.file];
  if (root.type !== 'map') {
    const message = isNull(root) ? 'the file is empty' : 'the file must hold a map of keys';
    diagnostics.add('CONFIG_TYPE', { origin: root.origin, target: 'value' }, message, 'Start with `autoresearch init`.');
    return null;
  }
  const own: Located = { ...root, entries: new Map([...root.entries].filter(([key]) => key !== 'extends')) };
  const said = find(root, ['extends']);
  const specifier = layer.extends ?? textAt(root, ['extends']);
  if (specifier === undefined) {
    if (said === undefined || isNull(said)) return own;
    diagnostics.add(
      'CONFIG_TYPE',
      { origin: said.origin, target: 'value' },
      'extends: must be one string',
      'For example: extends: preset:tiny-lm',
    );
    return null;
  }
  const origin = said?.origin ?? root.origin;
  try {
    const file = resolveExtends(specifier, dirname(layer.file));
    if (self.includes(file)) throw cycle([...self.slice(self.indexOf(file)), file], diagnostics);
    const base = readLayers({ file, text: readFileSync(file, 'utf8') }, diagnostics, self);
    return base && merge(base, own);
  } catch (error) {
    if (!(error instanceof AutoresearchError)) throw error;
    diagnostics.adopt(error, { origin, target: 'value' });
    return null;
  }
}

function cycle(files: readonly string[], diagnostics: Diagnostics): AutoresearchError {
  const names = files.map((file) => diagnostics.nameOf({ file, name: file, text: '' }));
  return new AutoresearchError('EXTENDS_CYCLE', `extends: goes in a circle: ${names.join(' → ')}`, {
    hint: 'Remove one of these `extends`.',
  });
}

function resolveExtends(specifier: string, from: string): string {
  if (specifier.startsWith('preset:')) return resolvePreset(specifier.slice('preset:'.length));
  if (specifier.startsWith('.') || isAbsolute(specifier)) {
    const file = resolve(from, specifier);
    if (MODULES.includes(extname(file))) {
      throw new AutoresearchError('EXTENDS_NOT_FOUND', `extends: ${specifier} is a module, and only YAML and JSON can be extended`, {
        hint: 'In a config that is a module, import it and spread it: defineConfig({ ...base, … }).',
      });
    }
    if (existsSync(file)) return file;
    throw new AutoresearchError('EXTENDS_NOT_FOUND', `extends: there is no file ${specifier}`, {
      hint: 'A path starts from the folder of the file that says it.',
    });
  }
  return resolvePackage(specifier, from);
}

/**
 * The file of a built-in preset.
 * @throws AutoresearchError PRESET_NOT_FOUND
 */
export function resolvePreset(name: string): string {
  const file = presetFile(name);
  if (file !== null) return file;
  const names = presetNames();
  throw new AutoresearchError('PRESET_NOT_FOUND', `there is no preset "${name}"${didYouMean(name, names)}`, {
    hint: `Presets: ${names.join(', ')}.`,
  });
}

function resolvePackage(specifier: string, from: string): string {
  const found = findPackage(specifier, from);
  if (found === null) {
    const presets = presetNames();
    const meant = didYouMean(specifier, presets).replace('"', '"preset:');
    const known = presets.map((name) => `preset:${name}`).join(', ');
    const hint = `Install it with \`npm install -D ${specifier}\`, or extend a file such as ./base.yaml, or a preset: ${known}.`;
    throw new AutoresearchError('EXTENDS_NOT_FOUND', `extends: the package ${specifier} is not installed${meant}`, { hint });
  }
  const file = packagePresetFile(found.info.dir);
  if (file !== null) return file;
  throw new AutoresearchError('EXTENDS_NOT_FOUND', `extends: the package ${specifier} has no preset.yaml`, {
    hint: 'A preset package has a preset.yaml beside its package.json.',
  });
}
