/** What the user's folder holds and the commit that a run starts from does not. Paths are relative to the project. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGit, type Git } from './git.ts';
import type { Repository } from './repository.ts';

export interface WorkingCopy {
  /** Files and folders that git ignores; a folder that is ignored as a whole is one entry that ends with a slash. */
  readonly ignored: readonly string[];
  /** Files and folders that are not in git and not ignored. */
  readonly untracked: readonly string[];
  /** Files that differ from the commit. */
  readonly changed: readonly string[];
}

export async function readWorkingCopy({ git }: Repository, commit: string): Promise<WorkingCopy> {
  const outside = ['ls-files', '-z', '--others', '--exclude-standard', '--directory', '--no-empty-directory'];
  const [ignored, untracked, changed] = await Promise.all([
    git.run([...outside, '--ignored']),
    git.run(outside),
    git.run(['diff', '--name-only', '-z', '--relative', '--no-renames', '--no-ext-diff', '--ignore-submodules', commit, '--', '.']),
  ]);
  const notOurs = (path: string) => !/(^|\/)\.autoresearch\/?$/.test(path);
  return { ignored: split(ignored).filter(notOurs), untracked: split(untracked).filter(notOurs), changed: split(changed) };
}

export interface Line {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Lines of the commit's text files that match one of these extended regular expressions. */
export async function grepCommitted(
  { git }: Repository,
  commit: string,
  patterns: readonly string[],
  paths: readonly string[],
): Promise<Line[]> {
  if (patterns.length === 0) return [];
  const asked = patterns.flatMap((pattern) => ['-e', pattern]);
  const { out } = await git.ask(['grep', '-I', '-n', '-z', '-E', '--no-color', ...asked, commit, '--', ...paths], { accept: [1] });
  return out.split('\n').flatMap((entry) => {
    const [name, line, text] = entry.split('\0');
    return name === undefined || text === undefined ? [] : [{ path: name.slice(commit.length + 1), line: Number(line), text }];
  });
}

function split(out: string): string[] {
  return out.split('\0').filter(Boolean);
}

/** The files of a folder that git knows or does not ignore, and what it ignores; `skip` are patterns of what is none of these. */
export async function listProject(
  dir: string,
  skip: readonly string[],
): Promise<{ readonly isRepository: boolean; readonly files: string[]; readonly ignored: string[] }> {
  const { code } = await openGit(dir).ask(['rev-parse', '--is-inside-work-tree'], { accept: [128] });
  if (code === 0) return { isRepository: true, ...(await listWith(openGit(dir), skip)) };
  // Where there is no repository yet, a temporary one elsewhere tells what git would ignore.
  const gitDir = mkdtempSync(join(tmpdir(), 'autoresearch-git-'));
  try {
    await openGit(gitDir).run(['init', '-q', '--bare', '.']);
    return { isRepository: false, ...(await listWith(openGit(dir, { gitDir, workTree: dir }), skip)) };
  } finally {
    rmSync(gitDir, { recursive: true, force: true });
  }
}

async function listWith(git: Git, skip: readonly string[]): Promise<{ files: string[]; ignored: string[] }> {
  const [files, ignored] = await Promise.all([
    git.run([
      'ls-files',
      '-z',
      '--cached',
      '--others',
      '--exclude-standard',
      '--deduplicate',
      ...skip.flatMap((pattern) => ['-x', pattern]),
    ]),
    git.run(['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory']),
  ]);
  return { files: split(files), ignored: split(ignored) };
}
