import { dirname, resolve } from 'node:path';
import { readFileSync } from 'node:fs';
import { AutoresearchError, AutoresearchErrors } from '../errors.ts';
import { deepFreeze } from '../experiment.ts';
import { Diagnostics } from './diagnostics.ts';
import { readLayers, resolvePreset, type Layer } from './extend.ts';
import { findConfig } from './find.ts';
import { locate, withoutNulls, type Located } from './located.ts';
import { applyOverrides } from './override.ts';
import type { ResolvedUse } from './plugin-uses.ts';
import type { Config, Override } from './types.ts';
import { validateConfig } from './validate.ts';

export type { ResolvedUse } from './plugin-uses.ts';

export interface ConfigRequest {
  /** The search starts here, and files are named relative to it. */
  readonly cwd: string;
  readonly configFile?: string;
  /** A built-in preset: replaces `extends`, or is the whole config where there is none. */
  readonly preset?: string;
  readonly overrides?: readonly Override[];
}

export interface LoadedConfig {
  /** Checked, frozen, with all defaults; module references start from the project's folder. */
  readonly config: Config;
  /** Absolute; null when only a preset was named. */
  readonly configFile: string | null;
  /** Absolute. */
  readonly projectDir: string;
  readonly uses: readonly ResolvedUse[];
}

/**
 * Finds, reads, merges and checks a config, and loads the plugins it names.
 * @throws AutoresearchErrors with everything that is wrong, sorted by place
 */
export async function loadConfig(request: ConfigRequest): Promise<LoadedConfig> {
  const diagnostics = new Diagnostics(request.cwd);
  const { layer, configFile } = await collect(() => startOf(request));
  const layers = readLayers(layer, diagnostics);
  diagnostics.throwIfAny();
  if (layers === null) throw new Error('a config without errors could not be read');
  const root = wrapAgent(withoutNulls(applyOverrides(layers, request.overrides ?? [], diagnostics)));
  const baseDir = configFile === null ? resolve(request.cwd) : dirname(configFile);
  const { config, projectDir, uses } = await validateConfig(root, (rootOption) => resolve(baseDir, rootOption), diagnostics);
  return deepFreezeLoaded({ config, configFile, projectDir, uses });
}

/**
 * Loads the plugins of a config that a run has recorded; keys that are newer than the record get their defaults.
 * @throws AutoresearchErrors
 */
export async function resolveRecorded(
  config: Config,
  projectDir: string,
  overrides: readonly Override[] = [],
): Promise<Pick<LoadedConfig, 'config' | 'uses'>> {
  const diagnostics = new Diagnostics(projectDir);
  const root = applyOverrides(locate(config, { file: null, name: 'recorded config', text: '' }), overrides, diagnostics);
  const { config: checked, uses } = await validateConfig(root, () => projectDir, diagnostics);
  return { config: checked, uses };
}

async function startOf({ cwd, configFile, preset }: ConfigRequest): Promise<{ layer: Layer; configFile: string | null }> {
  // First, so that the flag is named, and no file that is in order.
  if (preset !== undefined) resolvePreset(preset);
  const onTop = preset === undefined ? {} : { extends: `preset:${preset}` };
  try {
    const found = await findConfig(cwd, configFile);
    return { layer: { ...found, ...onTop }, configFile: found.file };
  } catch (error) {
    const isMissing = error instanceof AutoresearchError && error.code === 'CONFIG_NOT_FOUND';
    if (!isMissing || preset === undefined || configFile !== undefined) throw error;
    const file = resolvePreset(preset);
    return { layer: { file, text: readFileSync(file, 'utf8') }, configFile: null };
  }
}

async function collect<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof AutoresearchError ? new AutoresearchErrors([error]) : error;
  }
}

// One agent may be written without a list; everything after this sees a list, at the places the user wrote.
function wrapAgent(root: Located): Located {
  const agent = root.type === 'map' ? root.entries.get('agent') : undefined;
  if (root.type !== 'map' || agent === undefined || agent.type === 'list') return root;
  return { ...root, entries: new Map(root.entries).set('agent', { type: 'list', items: [agent], origin: agent.origin }) };
}

function deepFreezeLoaded(loaded: LoadedConfig): LoadedConfig {
  deepFreeze(loaded.config);
  for (const use of loaded.uses) deepFreeze(use.options);
  return Object.freeze(loaded);
}
