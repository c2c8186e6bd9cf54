import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** A project of a user has a seed of its own, which nobody keeps. */
const SEED = 1;

/** Draws the data of a preset's new project from a seed that stays the same, for tests and figures. */
export async function sealedSeed(project: string, preset: string, sealed: readonly string[]): Promise<void> {
  const setUp = join(import.meta.dirname, '../presets', preset, 'setup.mjs');
  const { default: make } = (await import(setUp)) as { default: (dir: string, seed: number) => void };
  for (const path of sealed) rmSync(join(project, path));
  // What was made of the data, and is committed.
  rmSync(join(project, 'data/critical.txt'), { force: true });
  make(project, SEED);
  execFileSync('git', ['commit', '-qam', 'Data that stays the same', '--allow-empty'], { cwd: project });
}
