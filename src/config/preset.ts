import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ownPackage } from '../plugins/package.ts';

const FILE = 'preset.yaml';

/** The names of the presets that come with autoresearch. */
export function presetNames(): string[] {
  const dir = join(ownPackage().dir, 'presets');
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => existsSync(join(dir, name, FILE)))
    .toSorted();
}

/** The config file of a preset that comes with autoresearch; null when there is none of that name. */
export function presetFile(name: string): string | null {
  return presetNames().includes(name) ? join(ownPackage().dir, 'presets', name, FILE) : null;
}

/** The config file inside a preset's own package folder. */
export function packagePresetFile(packageDir: string): string | null {
  const file = join(packageDir, FILE);
  return existsSync(file) ? file : null;
}
