import type { MovedFrom } from '../experiment.ts';
import { openGit, type Git } from './git.ts';
import { readPath } from './path-bytes.ts';
import type { Repository } from './repository.ts';
import { isCheckedOut } from './run-refs.ts';
import type { Worktree } from './worktree.ts';
import { gitDirOf } from './worktree-folder.ts';

export type Picked =
  | { readonly kind: 'picked'; readonly commit: string }
  /** The branch holds the change already. */
  | { readonly kind: 'empty' }
  /** Paths from the repository's top that git could not merge. */
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

/** Puts the change of one commit on top of what the worktree holds; after a conflict the worktree must be restored. */
export async function pick({ dir }: Worktree, commit: string, message: string): Promise<Picked> {
  const git = openGit(dir, { gitDir: gitDirOf(dir), workTree: dir });
  if (!(await merges(git, commit))) return { kind: 'conflict', paths: await unmerged(git) };
  if ((await git.ask(['diff', '--cached', '--quiet', 'HEAD'], { accept: [1] })).code === 0) return { kind: 'empty' };
  await git.run(['commit', '-q', '--no-verify', '--cleanup=verbatim', '-F', '-'], { input: message });
  return { kind: 'picked', commit: (await git.run(['rev-parse', 'HEAD'])).trim() };
}

/**
 * Merges what has changed from `parent` to `candidate` into the files of the worktree, uncommitted. Gives the paths that git could
 * not merge, which then hold its markers; null where there are none.
 */
export async function mergeChange({ dir }: Worktree, { candidate, parent }: MovedFrom): Promise<readonly string[] | null> {
  const git = openGit(dir, { gitDir: gitDirOf(dir), workTree: dir });
  const parents = (await git.run(['rev-parse', `${candidate}^@`])).trim();
  // The change is the difference of these two commits, whatever their other parents are.
  const change =
    parents === parent ? candidate : (await git.run(['commit-tree', `${candidate}^{tree}`, '-p', parent, '-m', 'change'])).trim();
  return (await merges(git, change)) ? null : unmerged(git);
}

async function merges(git: Git, commit: string): Promise<boolean> {
  // What the user's own git remembers of conflicts (rerere) is neither used nor added to.
  const { code } = await git.ask(['-c', 'rerere.enabled=false', 'cherry-pick', '--no-commit', commit], { accept: [1, 128] });
  return code === 0;
}

async function unmerged(git: Git): Promise<string[]> {
  const out = await git.run(['diff', '--name-only', '--diff-filter=U', '-z'], { isLatin1: true });
  return out.split('\0').filter(Boolean).map(readPath);
}

/** Can git have a branch of this name? */
export async function isBranchName({ git }: Repository, name: string): Promise<boolean> {
  const { code, out } = await git.ask(['check-ref-format', '--branch', name], { accept: [1, 128] });
  // What it answers differs from what was asked where it has expanded something like @{-1}.
  return code === 0 && out.trim() === name;
}

/** Makes the branch point to `commit`, if it still is where it was found: at `before`, or not there at all. */
export async function putBranch({ git }: Repository, branch: string, commit: string, before: string | null): Promise<boolean> {
  if (before !== null && (await isCheckedOut(git, branch))) return false;
  const none = '0'.repeat(commit.length);
  const { code } = await git.ask(['update-ref', `refs/heads/${branch}`, commit, before ?? none], { accept: [1, 128] });
  return code === 0;
}
