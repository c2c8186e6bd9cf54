import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { presetFile } from './preset.ts';
import { sealedData } from './splits.ts';
import type { Config } from './types.ts';

interface PresetProject {
  /** The folder of its files; null where there is none. */
  readonly dir: string | null;
  readonly workspace: Partial<Config['workspace']>;
  /** Data files that must not be in git. */
  readonly sealed: readonly string[];
}

/** The sample project of a preset: its own, or that of the preset it extends, whose workspace it then has as well. */
export function presetProject(file: string): PresetProject {
  const { extends: base, workspace, data, trainer } = parse(readFileSync(file, 'utf8')) as PresetFile;
  const dir = join(dirname(file), 'project');
  const baseFile = base?.startsWith('preset:') ? presetFile(base.slice('preset:'.length)) : null;
  const inherited: PresetProject = baseFile === null ? { dir: null, workspace: {}, sealed: [] } : presetProject(baseFile);
  return {
    dir: existsSync(dir) ? dir : inherited.dir,
    workspace: { ...inherited.workspace, ...workspace },
    sealed: [...inherited.sealed, ...sealedOf({ data, workspace, trainer })],
  };
}

interface PresetFile {
  readonly extends?: string;
  readonly workspace?: Partial<Config['workspace']> | undefined;
  readonly data?: Config['data'] | undefined;
  readonly trainer?: Config['trainer'] | undefined;
}

function sealedOf({ data = [], workspace, trainer }: Omit<PresetFile, 'extends'>): string[] {
  const whole = { data, workspace: { holdout: [], ...workspace }, trainer: trainer ?? {} } as unknown as Config;
  return sealedData(whole).map(({ path }) => path);
}
