import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { AutoresearchError } from '../errors.ts';
import { errorOfGit } from '../machine-errors.ts';
import { openGit, type Git } from './git.ts';
import { readPath } from './path-bytes.ts';

/** The user's repository. It is read, and gets new objects and refs; its checkout is never touched. */
export interface Repository {
  readonly git: Git;
  readonly top: string;
  /** The `.git` folder that all worktrees share. */
  readonly commonDir: string;
  readonly projectDir: string;
  /** The project's folder relative to the top: empty, or with a slash at its end. */
  readonly prefix: string;
  /** Where all runs of this project keep their files. */
  readonly stateDir: string;
}

/** Opens the repository a folder belongs to; GIT_NOT_A_REPOSITORY where there is none. */
export async function openRepository(folder: string): Promise<Repository> {
  const projectDir = realpathSync(folder);
  const git = openGit(projectDir);
  const { code, out, said } = await git.ask(
    ['rev-parse', '--path-format=absolute', '--show-toplevel', '--git-common-dir', '--show-prefix'],
    {
      accept: [128],
    },
  );
  const [top, commonDir, prefix] = out.split('\n');
  if (code !== 0 || !top || !commonDir) {
    throw (
      errorOfGit('git rev-parse', projectDir, said) ??
      new AutoresearchError('GIT_NOT_A_REPOSITORY', `${projectDir} is not inside a git checkout`, {
        hint: 'git is the memory of a run. Go to the folder of your project; if git has none of it yet: git init && git add -A && git commit -m "start"',
      })
    );
  }
  return { git, top, commonDir, projectDir, prefix: prefix ?? '', stateDir: join(projectDir, '.autoresearch') };
}

/** The commit that `revision` names; GIT_NO_COMMIT where the repository has none yet. */
export async function resolveCommit({ git }: Repository, revision = 'HEAD'): Promise<string> {
  const { code, out } = await git.ask(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], { accept: [1, 128] });
  if (code !== 0) {
    throw new AutoresearchError(
      'GIT_NO_COMMIT',
      revision === 'HEAD' ? 'the repository has no commit yet' : `there is no commit ${revision}`,
      {
        hint: 'git add -A && git commit -m "start"',
      },
    );
  }
  return out.trim();
}

/** Whether a commit and all it holds are there. */
export async function hasCommit({ git }: Repository, commit: string): Promise<boolean> {
  const { code } = await git.ask(['rev-list', '--quiet', '--objects', '--no-walk', commit], { accept: [1, 128] });
  return code === 0;
}

/** Files of a commit below the project's folder, relative to it. */
export async function listFiles({ git, prefix }: Repository, commit: string): Promise<string[]> {
  const out = await git.run(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit, ...(prefix ? ['--', prefix] : [])], {
    isLatin1: true,
  });
  return out
    .split('\0')
    .filter(Boolean)
    .map((path) => readPath(path).slice(prefix.length));
}

/** What a commit holds, with paths from the top; links and submodules are no files. */
export interface TreeEntry {
  readonly path: string;
  readonly isFile: boolean;
  /** Changes with the content, and with whether it can be run. */
  readonly id: string;
  readonly isExecutable: boolean;
}

export async function listTree({ git }: Repository, commit: string): Promise<TreeEntry[]> {
  const out = await git.run(['ls-tree', '-r', '-z', '--full-tree', commit], { isLatin1: true });
  const entries = out.split('\0').filter(Boolean);
  return entries.map((entry) => {
    const tab = entry.indexOf('\t');
    // The target of a link is not known; it may be a program.
    const isExecutable = entry.startsWith('100755') || entry.startsWith('120000');
    return { path: readPath(entry.slice(tab + 1)), isFile: entry.startsWith('100'), isExecutable, id: entry.slice(0, tab) };
  });
}

/** Paths of a commit's submodules, from the top. */
export async function listSubmodules({ git }: Repository, commit: string): Promise<string[]> {
  const out = await git.run(['ls-tree', '-r', '-z', '--full-tree', commit], { isLatin1: true });
  return out.split('\0').flatMap((entry) => (entry.startsWith('160000 ') ? [readPath(entry.slice(entry.indexOf('\t') + 1))] : []));
}

/** A file of a commit, by its path relative to the project; null if it has none. */
export async function readCommitted({ git, prefix }: Repository, commit: string, path: string): Promise<string | null> {
  const { code, out } = await git.ask(['cat-file', 'blob', `${commit}:${prefix}${path}`], { accept: [128] });
  return code === 0 ? out : null;
}
