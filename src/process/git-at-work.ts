import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';
import { listProcesses } from './table.ts';

/**
 * Programs of git that work on a repository now. `others`: none of this user's own, and of another user's git the system does
 * not say where it works. `unknown`: the system does not say it of any.
 */
export type GitAtWork = { readonly kind: 'none' | 'others' | 'unknown' } | { readonly kind: 'some'; readonly pid: number };

/** Is a git at work in one of these folders, started in it or with a file in it open? */
export async function findGitAtWork(folders: readonly string[]): Promise<GitAtWork> {
  if (process.platform !== 'linux') return { kind: 'unknown' };
  const isIn = (path: string) => folders.some((folder) => path === folder || path.startsWith(folder + sep));
  let isOfOther = false;
  for (const { pid } of await listProcesses()) {
    try {
      const isGit = /^git\b/.test(readFileSync(`/proc/${pid}/comm`, 'utf8'));
      if (isIn(readlinkSync(`/proc/${pid}/cwd`)) ? isGit : openFiles(pid).some(isIn)) return { kind: 'some', pid };
    } catch (error) {
      // Another user's process does not say where it works; one that has ended meanwhile does not matter.
      isOfOther ||= error instanceof Error && 'code' in error && error.code === 'EACCES' && isGitOfOther(pid);
    }
  }
  return { kind: isOfOther ? 'others' : 'none' };
}

function isGitOfOther(pid: number): boolean {
  try {
    return /^git\b/.test(readFileSync(`/proc/${pid}/comm`, 'utf8'));
  } catch {
    return false;
  }
}

function openFiles(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/${pid}/fd/${fd}`);
      return path.endsWith('.lock') ? [path] : [];
    } catch {
      return [];
    }
  });
}
