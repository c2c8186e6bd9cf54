/** Where the worktree of a trial has a file from. It holds what is committed and what is linked, and nothing else. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Config } from '../config/types.ts';
import { listTree, type Repository } from '../git/repository.ts';
import { linkedPaths } from './data-project.ts';
import { readWorkingCopy, type WorkingCopy } from '../git/working-copy.ts';

export type Origin =
  | { readonly from: 'commit' | 'link'; readonly isExecutable: boolean }
  /** It is in the person's folder only; `entry` is the file or folder to link or to commit. */
  | { readonly from: 'ignored' | 'untracked'; readonly entry: string }
  /** The trial itself writes it. */
  | { readonly from: 'output' }
  | { readonly from: 'nowhere' };

export interface WorktreeFiles {
  readonly workingCopy: WorkingCopy;
  /** `path` is relative to the project. */
  originOf(path: string): Origin;
}

export async function readWorktreeFiles(repository: Repository, base: string, config: Config): Promise<WorktreeFiles> {
  const { projectDir, prefix } = repository;
  const [tree, workingCopy] = await Promise.all([listTree(repository, base), readWorkingCopy(repository, base)]);
  const committed = new Map(tree.map(({ path, isExecutable }) => [path, isExecutable]));
  const folders = new Set(tree.flatMap(({ path }) => foldersAbove(path)));
  const linked = linkedPaths(config);
  const outputs = [...config.workspace.outputs, ...(config.trainer.evaluate?.outputs ?? [])];
  return {
    workingCopy,
    originOf(path) {
      const clean = posix.normalize(path).replace(/\/$/, '');
      const full = posix.join(prefix, clean);
      const file = join(projectDir, clean);
      if (committed.has(full)) return { from: 'commit', isExecutable: committed.get(full) === true };
      if (folders.has(full) || clean === '.') return { from: 'commit', isExecutable: true };
      // What is to be linked and is not there yet, `prepare` makes; where it does not, that is said elsewhere.
      if (holder(clean, linked) !== undefined) return existsSync(file) ? { from: 'link', isExecutable: mayRun(file) } : { from: 'output' };
      if (holder(clean, outputs) !== undefined) return { from: 'output' };
      if (!existsSync(file)) return { from: 'nowhere' };
      const entry = holder(clean, workingCopy.ignored);
      if (entry !== undefined) return { from: 'ignored', entry };
      return { from: 'untracked', entry: holder(clean, workingCopy.untracked) ?? clean };
    },
  };
}

/** A file that git ignores is linked; one it does not know is committed. The exact line or command, for people. */
export function remedyFor(origin: Extract<Origin, { entry: string }>, { workspace }: Pick<Config, 'workspace'>): string {
  if (origin.from === 'untracked') return `git add ${quoted(origin.entry)} && git commit`;
  return `workspace: { link: [${[...workspace.link, origin.entry].map(inYaml).join(', ')}] }`;
}

/** What is wrong, in words that end before a remedy. */
export function absenceOf(path: string, { from }: Extract<Origin, { entry: string }>): string {
  const why = from === 'ignored' ? 'git ignores' : 'is not committed';
  return `${path}, which ${why}: trials run in a worktree, which holds committed files only`;
}

/** The entry that is this path or a folder it lies in, without a slash at its end. */
function holder(path: string, entries: readonly string[]): string | undefined {
  return entries.map((entry) => posix.normalize(entry).replace(/\/$/, '')).find((entry) => path === entry || path.startsWith(`${entry}/`));
}

function foldersAbove(path: string): string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_step, index) => steps.slice(0, index + 1).join('/'));
}

function mayRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function inYaml(path: string): string {
  return /^[\w.][\w./-]*$/.test(path) ? path : JSON.stringify(path);
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
