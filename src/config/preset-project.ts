import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { presetFile } from './preset.ts';
import type { Config } from './types.ts';

interface PresetProject {
  /** The folder of its files; null where there is none. */
  readonly dir: string | null;
  readonly workspace: Partial<Config['workspace']>;
}

/** The sample project of a preset: its own, or that of the preset it extends, whose workspace it then has as well. */
export function presetProject(file: string): PresetProject {
  const { extends: base, workspace } = parse(readFileSync(file, 'utf8')) as Partial<Config> & { readonly extends?: string };
  const dir = join(dirname(file), 'project');
  const baseFile = base?.startsWith('preset:') ? presetFile(base.slice('preset:'.length)) : null;
  const inherited = baseFile === null ? { dir: null, workspace: {} } : presetProject(baseFile);
  return { dir: existsSync(dir) ? dir : inherited.dir, workspace: { ...inherited.workspace, ...workspace } };
}
