import { appendFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolders } from '../folders.ts';
import { findMarked } from '../process/table.ts';
import { readTextIfThere } from '../read-if-there.ts';
import { besideOthers } from './add-worktree.ts';
import { GIT_MARKER, type Git } from './git.ts';
import type { Repository } from './repository.ts';

export const inFlightRef = (run: string, index = 0) => `refs/autoresearch/${run}/in-flight${index === 0 ? '' : `-${index}`}`;

/** Keeps our folder out of `git status`, in the repository's own exclude file, which is not versioned. */
export function excludeFromStatus({ commonDir }: Repository): void {
  const file = join(commonDir, 'info', 'exclude');
  makeFolders(dirname(file));
  const text = readTextIfThere(file) ?? '';
  if (text.split('\n').includes('.autoresearch/')) return;
  appendFileSync(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}.autoresearch/\n`);
}

/** The commit a branch points to; null if there is no such branch. */
export async function branchTip({ git }: Repository, branch: string): Promise<string | null> {
  const { code, out } = await git.ask(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`], { accept: [1, 128] });
  return code === 0 ? out.trim() : null;
}

/** The person's branches with their commits: those of runs are left out. */
export async function branchTips({ git }: Repository): Promise<Map<string, string>> {
  const out = await git.run(['for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads']);
  const lines = out.split('\n').filter((line) => line !== '');
  const tips = lines.map((line): [string, string] => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]);
  return new Map(tips.filter(([name]) => !name.startsWith('autoresearch/')));
}

/** Changes when a branch of the person does. Null where git keeps refs in a form that only it reads. */
export function branchStamp({ commonDir }: Pick<Repository, 'commonDir'>): string | null {
  if (existsSync(join(commonDir, 'reftable'))) return null;
  const stampOf = (path: string) => {
    const stat = statSync(join(commonDir, path), { bigint: true, throwIfNoEntry: false });
    return stat ? [path, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(' ') : '';
  };
  const walk = (folder: string): string[] =>
    readdirSync(join(commonDir, folder), { withFileTypes: true }).flatMap((child) => {
      const path = `${folder}/${child.name}`;
      if (path === 'refs/heads/autoresearch') return [];
      return child.isDirectory() ? walk(path) : [stampOf(path)];
    });
  return [stampOf('packed-refs'), ...walk('refs/heads')].join('\n');
}

/** A branch that stands in the way of `autoresearch/<run>`: git cannot have both `a` and `a/b`. */
export async function conflictingBranch(repository: Repository, branch: string): Promise<string | null> {
  const parent = branch.slice(0, branch.lastIndexOf('/'));
  if ((await branchTip(repository, parent)) !== null) return parent;
  return (await branchTip(repository, branch)) === null ? null : branch;
}

/** Is this branch checked out anywhere? Moving it would make that checkout look modified. */
export async function isCheckedOut(git: Git, branch: string): Promise<boolean> {
  const out = await besideOthers(() => git.run(['worktree', 'list', '--porcelain']));
  return out.split('\n').includes(`branch refs/heads/${branch}`);
}

/** Why the run's branch must not be moved to `commit`; null when it may be. */
export async function objectionToMove({ git }: Repository, branch: string, commit: string): Promise<string | null> {
  if (await isCheckedOut(git, branch)) return 'is checked out';
  // 128: there is no such branch.
  const below = async (tip: string) =>
    (await git.ask(['merge-base', '--is-ancestor', `refs/heads/${branch}`, tip], { accept: [1, 128] })).code;
  // Keeps that an audit has rolled back are not below the commit, but in the ledger.
  return (await below(commit)) !== 1 || (await below(`refs/${branch}/ledger`)) === 0 ? null : 'has commits that are not of this run';
}

export async function moveBranch({ git }: Repository, branch: string, commit: string): Promise<void> {
  await git.run(['update-ref', `refs/heads/${branch}`, commit]);
}

/** Keeps the commits of an experiment that is not settled reachable, whatever their worktree holds; an empty list lets go of them. */
export async function pinInFlight({ git }: Repository, run: string, commits: readonly string[]): Promise<void> {
  const names = commits.map((_, index) => inFlightRef(run, index));
  const pinned = (await git.run(['for-each-ref', '--format=%(refname)', `${inFlightRef(run)}*`])).split('\n').filter(Boolean);
  const lines = [
    ...names.map((name, index) => `update ${name} ${commits[index]}\n`),
    ...pinned.filter((name) => !names.includes(name)).map((name) => `delete ${name}\n`),
  ];
  if (lines.length > 0) await git.run(['update-ref', '--stdin'], { input: lines.join('') });
}

/** Waits until the git processes of a killed session have ended; they end by themselves. */
export async function waitForGitOf(pid: number): Promise<void> {
  for (let waited = 0; waited < 10_000 && findMarked(`${GIT_MARKER}=${pid}\0`).length > 0; waited += 20) await sleep(20);
}
