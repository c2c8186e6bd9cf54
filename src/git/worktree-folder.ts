import { existsSync, lstatSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AutoresearchError } from '../errors.ts';
import { makeFolders } from '../folders.ts';
import { readTextIfReadable } from '../read-if-there.ts';
import { forceRemove, mustRemove } from './force-remove.ts';

/** States of git operations that an agent or trainer may have begun (a merge, a rebase); a commit would become part of them. */
const BEGUN = [
  'index.lock',
  'HEAD.lock',
  'MERGE_HEAD',
  'MERGE_MSG',
  'MERGE_MODE',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'SQUASH_MSG',
  'AUTO_MERGE',
  'rebase-merge',
  'rebase-apply',
  'sequencer',
];

/** Git's folder for the worktree at `dir`; null where there is no whole worktree of this repository. */
export function findGitDir(dir: string, commonDir: string): string | null {
  const gitDir = gitDirOf(dir);
  // A copied project still names the worktree of the original.
  const isHere =
    gitDir.startsWith(join(commonDir, 'worktrees') + sep) &&
    resolve(gitDir, readTextIfReadable(join(gitDir, 'gitdir')).trim()) === join(dir, '.git');
  // A locked worktree was still being set up when git was killed, so it is incomplete. A missing index is no problem: it is made again.
  const isWhole = isHere && ['HEAD', 'commondir'].every((name) => existsSync(join(gitDir, name))) && !existsSync(join(gitDir, 'locked'));
  return isWhole ? gitDir : null;
}

/** Is there a worktree with what an earlier session has left in it? */
export function isWorktree(dir: string, commonDir: string): boolean {
  return findGitDir(dir, commonDir) !== null;
}

/** Git's folder for a worktree, as the file `.git` names it. */
export function gitDirOf(dir: string): string {
  return resolve(
    dir,
    readTextIfReadable(join(dir, '.git'))
      .replace(/^gitdir: /, '')
      .trim(),
  );
}

/** Makes the folder a worktree again, whatever was done to it, so that git finds no other repository there. */
export function repairFolder(dir: string, gitDir: string): void {
  if (!existsSync(join(gitDir, 'HEAD'))) {
    throw new AutoresearchError('GIT_FAILED', `the worktree ${dir} was removed during the run`, {
      hint: 'autoresearch resume sets it up again',
    });
  }
  if (!lstatSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    rmSync(dir, { force: true });
    makeFolders(dir);
  }
  if (realpathSync(dirname(dir)) !== dirname(dir)) {
    throw new AutoresearchError('GIT_FAILED', `${dirname(dir)} was replaced by a link`, {
      hint: 'remove the link, then: autoresearch resume',
    });
  }
  const link = join(dir, '.git');
  const text = `gitdir: ${gitDir}\n`;
  if (lstatSync(link, { throwIfNoEntry: false })?.isFile() && readTextIfReadable(link) === text) return;
  mustRemove(link);
  writeFileSync(link, text);
}

/** Aborts git operations begun there by others. Returns whether there were any. */
export function forgetBegun(gitDir: string): boolean {
  const found = BEGUN.filter((name) => existsSync(join(gitDir, name)));
  for (const name of found) rmSync(join(gitDir, name), { recursive: true, force: true });
  return found.length > 0;
}

/** Files beside objects and refs that say what git does in a repository, and with which programs. */
export function sharedSteeringFiles(commonDir: string): string[] {
  const names = ['config', 'config.worktree', 'hooks', 'info/attributes', 'info/exclude', 'info/grafts', 'objects/info/alternates'];
  return names.map((path) => join(commonDir, path));
}

/** The same of one worktree. */
export function ownSteeringFiles(gitDir: string): string[] {
  return ['commondir', 'gitdir', 'config.worktree'].map((path) => join(gitDir, path));
}

export function isEmptyFolder(dir: string): boolean {
  return lstatSync(dir, { throwIfNoEntry: false })?.isDirectory() === true && readdirSync(dir).length === 0;
}

export function emptyFolder(dir: string): void {
  if (isEmptyFolder(dir)) return;
  mustRemove(dir);
  makeFolders(dir);
}

/**
 * A digest that shows whether the index is as we left it: flags in an index can hide an edit from git, so one that others wrote
 * is not trusted. Empty without an index.
 */
export function stampOf(gitDir: string): string {
  const stat = statSync(join(gitDir, 'index'), { bigint: true, throwIfNoEntry: false });
  return stat ? [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join() : '';
}

/** Git makes its folder of a worktree within a moment. One that is still not whole by then was left by a git that was killed. */
const MADE_WITHIN_MS = 5000;

/**
 * Removes git's own folders of worktrees that are not whole: a kill in the middle of `git worktree add`, or a disk that failed,
 * leaves one by which every `git worktree` fails, or which nobody removes. Those of people's own worktrees are left alone.
 * @param home the folder of one run's worktrees, which no other process works in
 */
export function removeBroken(commonDir: string, home: string): void {
  for (const { folder, isOurs } of brokenFolders(commonDir, home)) if (isOurs) forceRemove(folder);
}

/** The same, and for the folders of all other runs `removeAbandoned`. */
export async function removeAllBroken(commonDir: string, home: string): Promise<void> {
  removeBroken(commonDir, home);
  await removeAbandoned(commonDir, home);
}

/**
 * The same for every run, and for folders that belong to no run, if no living git can be making them. Waits a few seconds for
 * those just made.
 */
export async function removeAbandoned(commonDir: string, home: string): Promise<void> {
  for (const { folder } of brokenFolders(commonDir, home)) {
    await sleep(Math.max(0, Math.min(MADE_WITHIN_MS, MADE_WITHIN_MS - ageOf(folder))));
    if (isBroken(folder)) forceRemove(folder);
  }
}

interface BrokenFolder {
  readonly folder: string;
  readonly isOurs: boolean;
}

function brokenFolders(commonDir: string, home: string): BrokenFolder[] {
  const parent = join(commonDir, 'worktrees');
  if (!existsSync(parent)) return [];
  return readdirSync(parent).flatMap((name): BrokenFolder[] => {
    const folder = join(parent, name);
    const place = readTextIfReadable(join(folder, 'gitdir')).trim();
    // `home` is .autoresearch/<run>/worktrees; the other runs' are beside it.
    const isOfRuns = place === '' || place.startsWith(dirname(dirname(home)) + sep);
    // Git counts up where a name is taken.
    const isOurs = place === '' ? existsSync(join(home, name.replace(/(?<=[a-z])\d+$/, ''))) : place.startsWith(home + sep);
    return isOfRuns && isBroken(folder) ? [{ folder, isOurs }] : [];
  });
}

function isBroken(folder: string): boolean {
  return existsSync(folder) && ['gitdir', 'HEAD', 'commondir'].some((file) => readTextIfReadable(join(folder, file)).trim() === '');
}

function ageOf(folder: string): number {
  return Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}
