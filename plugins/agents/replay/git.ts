import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Brief, ExecResult, PluginContext } from '../../../src/plugin.ts';

/** Runs git in the project's folder of the worktree, without any GIT_ variable of the user's shell. */
export function runGit(args: readonly string[], context: PluginContext, brief: Brief, cwd = brief.cwd): Promise<ExecResult> {
  const env = Object.fromEntries(Object.entries(brief.env).filter(([name]) => !name.startsWith('GIT_')));
  return context.exec(['git', ...args], { cwd, env: { ...env, LC_ALL: 'C' }, signal: brief.signal });
}

/** The whole output of a git command; throws with git's words when it fails. */
export async function readGit(args: readonly string[], context: PluginContext, brief: Brief): Promise<string> {
  const env = Object.fromEntries(Object.entries(brief.env).filter(([name]) => !name.startsWith('GIT_')));
  // Through a file, because only the end of a long output is kept in memory.
  const logFile = join(brief.scratchDir, 'git-output.txt');
  const result = await context.exec(['git', ...args], {
    cwd: brief.cwd,
    env,
    logFile,
    signal: brief.signal,
    maxLogBytes: 256 * 1024 * 1024,
  });
  if (result.exit !== 'completed') throw new Error(`git ${args[0]}: ${wordsOf(result)}`);
  return readFile(logFile, 'utf8');
}

/** What git said when it failed, in short. */
export function wordsOf({ tail, spawnError }: ExecResult): string {
  return spawnError ?? (tail.trim().split('\n').slice(0, 4).join('; ').slice(0, 500) || 'no message');
}

/** Writes the change a commit made to its first parent as a patch file. */
export async function writePatch(commit: string, context: PluginContext, brief: Brief): Promise<string> {
  const patchFile = join(brief.scratchDir, 'replay.patch');
  // Spelled out, so that the user's diff settings cannot change the format.
  const format = [
    '-p',
    '--binary',
    '--full-index',
    '--no-renames',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--src-prefix=a/',
    '--dst-prefix=b/',
  ];
  await readGit(['diff-tree', ...format, `--output=${patchFile}`, `${commit}^`, commit], context, brief);
  return patchFile;
}
