/** A folder of examples/, tried as its README says. */
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { exec } from '../../src/process/exec.ts';
import { makeFolder, openTestRepo } from '../helpers/repo.ts';
import { CACHE, npmEnv, TOOLS } from './places.ts';

export const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples');

export interface Experiment {
  readonly id: number;
  readonly verdict: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly score: { readonly value: number } | null;
  readonly reason: { readonly code: string; readonly text: string };
}

/** A copy of an example in a repository of its own. */
export function copyOf(name: string): string {
  const dir = join(makeFolder(), name);
  cpSync(join(EXAMPLES, name), dir, { recursive: true });
  symlinkSync(join(TOOLS, 'node_modules'), join(dir, 'node_modules'));
  const repo = openTestRepo(dir);
  repo.git('init', '-q', '-b', 'main');
  repo.git('config', 'core.excludesFile', join(CACHE, 'ignore'));
  repo.commit('start');
  return dir;
}

export async function cli(dir: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const argv = [join(dir, 'node_modules', '.bin', 'autoresearch'), ...args] as const;
  // Into a file, because only the end of a long output is kept in memory.
  const logFile = join(makeFolder(), 'output');
  const { exitCode } = await exec(argv, { cwd: dir, env: { ...npmEnv(), ...env }, timeoutMs: 120_000, logFile });
  return { code: exitCode, text: readFileSync(logFile, 'utf8') };
}

export async function run(
  dir: string,
  env: Readonly<Record<string, string>> = {},
  settings: readonly string[] = [],
): Promise<readonly Experiment[]> {
  const checked = await cli(dir, ['check', ...settings], env);
  expect(checked.code, checked.text).toBe(0);
  const ran = await cli(dir, ['run', '--name', 'tried', ...settings], env);
  expect(ran.code, ran.text).toBe(0);
  expect(ran.text).not.toContain('[plugin');
  expect((await cli(dir, ['verify', '--recompute'])).code).toBe(0);
  return JSON.parse((await cli(dir, ['log', '--json'])).text) as Experiment[];
}
