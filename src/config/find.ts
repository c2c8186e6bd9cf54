import { existsSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { cosmiconfig } from 'cosmiconfig';
import { AutoresearchError, messageOf } from '../errors.ts';
import { loadModule, MODULES } from './module.ts';

/** The config as it was found: the text of a file, or what a module exports. */
export type FoundConfig = { readonly file: string; readonly text: string } | { readonly file: string; readonly value: unknown };

const TEXTS = ['.yaml', '.yml', '.json'];
const NAMES = [...TEXTS, ...MODULES].map((extension) => `autoresearch.config${extension}`);
// Returns the raw text, because only our own parser keeps positions.
const raw = (_file: string, text: string): string => text;
// Wrapped, because a module may export nothing.
const asModule = async (file: string): Promise<{ value: unknown }> => ({ value: await loadModule(file) });

/**
 * Reads the config a folder belongs to: the nearest `autoresearch.config.{yaml,yml,json,ts,mts,js,mjs}` from `cwd` up to the
 * project's root, which is the first folder with a package.json, a package.yaml or a .git.
 * @throws AutoresearchError CONFIG_NOT_FOUND, CONFIG_SYNTAX for a module that cannot be loaded
 */
export async function findConfig(cwd: string, configFile?: string): Promise<FoundConfig> {
  const explorer = explore();
  if (configFile !== undefined) return readNamed(resolve(cwd, configFile), relative(cwd, resolve(cwd, configFile)));
  const found = await explorer.search(cwd);
  if (found === null || leavesRepository(cwd, dirname(found.filepath))) {
    throw new AutoresearchError('CONFIG_NOT_FOUND', `there is no autoresearch.config.yaml (or .yml, .json, .ts) in ${cwd} or above it`, {
      hint: HINT,
    });
  }
  return asFound(found);

  async function readNamed(file: string, name: string): Promise<FoundConfig> {
    if (!NAMES.some((known) => extname(known) === extname(file))) {
      throw new AutoresearchError('CONFIG_NOT_FOUND', `${name} is not a config file`, {
        hint: 'A config is a .yaml, .yml, .json, .ts, .mts, .js or .mjs file.',
      });
    }
    try {
      const loaded = await explorer.load(file);
      return loaded === null ? { file, text: '' } : asFound(loaded);
    } catch (error) {
      if (error instanceof AutoresearchError) throw error;
      throw new AutoresearchError('CONFIG_NOT_FOUND', `cannot read ${name}: ${reasonOf(error)}`, { hint: HINT, cause: error });
    }
  }
}

/** Texts as they are and values of modules; cosmiconfig has no loader for an empty file. */
function asFound({ filepath, config }: { readonly filepath: string; readonly config: unknown }): FoundConfig {
  if (TEXTS.includes(extname(filepath))) return { file: filepath, text: typeof config === 'string' ? config : '' };
  return { file: filepath, value: (config as { value: unknown } | undefined)?.value };
}

const HINT = 'Write one with `autoresearch init`, or try `autoresearch run --preset tiny-lm`.';

function explore() {
  try {
    return cosmiconfig('autoresearch', {
      searchPlaces: NAMES,
      searchStrategy: 'project',
      cache: false,
      ignoreEmptySearchPlaces: false,
      loaders: Object.fromEntries([...TEXTS.map((extension) => [extension, raw]), ...MODULES.map((extension) => [extension, asModule])]),
    });
  } catch (error) {
    throw new AutoresearchError('CONFIG_NOT_FOUND', `the search for a config failed: ${messageOf(error)}`, {
      hint: 'cosmiconfig reads package.json first: repair it.',
      cause: error,
    });
  }
}

// A repository never uses a config from a folder outside of it.
function leavesRepository(from: string, configDir: string): boolean {
  for (let dir = resolve(from); dir !== configDir; dir = dirname(dir)) {
    if (existsSync(join(dir, '.git'))) return true;
    if (dir === dirname(dir)) return true;
  }
  return false;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  return code === 'EISDIR' ? 'it is a folder' : messageOf(error);
}
