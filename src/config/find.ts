import { existsSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { cosmiconfig } from 'cosmiconfig';
import { AutoresearchError, messageOf } from '../errors.ts';

export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

const NAMES = ['yaml', 'yml', 'json'].map((extension) => `autoresearch.config.${extension}`);
// Returns the raw text, because only our own parser keeps positions.
const raw = (_file: string, text: string): string => text;

/**
 * Reads the config a folder belongs to: the nearest `autoresearch.config.{yaml,yml,json}` from `cwd` up to the
 * project's root, which is the first folder with a package.json, a package.yaml or a .git.
 * @throws AutoresearchError CONFIG_NOT_FOUND
 */
export async function findConfig(cwd: string, configFile?: string): Promise<ConfigText> {
  const explorer = explore();
  if (configFile !== undefined) return readNamed(resolve(cwd, configFile), relative(cwd, resolve(cwd, configFile)));
  const found = await explorer.search(cwd);
  if (found === null || leavesRepository(cwd, dirname(found.filepath))) {
    throw new AutoresearchError('CONFIG_NOT_FOUND', `there is no ${NAMES.join(' or ')} in ${cwd} or above it`, { hint: HINT });
  }
  return { file: found.filepath, text: typeof found.config === 'string' ? found.config : '' };

  async function readNamed(file: string, name: string): Promise<ConfigText> {
    if (!NAMES.some((known) => extname(known) === extname(file))) {
      throw new AutoresearchError('CONFIG_NOT_FOUND', `${name} is not a config file`, { hint: 'A config is a .yaml, .yml or .json file.' });
    }
    try {
      const loaded = await explorer.load(file);
      return { file, text: typeof loaded?.config === 'string' ? loaded.config : '' };
    } catch (error) {
      throw new AutoresearchError('CONFIG_NOT_FOUND', `cannot read ${name}: ${reasonOf(error)}`, { hint: HINT, cause: error });
    }
  }
}

const HINT = 'Write one with `autoresearch init`, or try `autoresearch run --preset tiny-lm`.';

function explore() {
  try {
    return cosmiconfig('autoresearch', {
      searchPlaces: NAMES,
      searchStrategy: 'project',
      cache: false,
      ignoreEmptySearchPlaces: false,
      loaders: { '.yaml': raw, '.yml': raw, '.json': raw },
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
