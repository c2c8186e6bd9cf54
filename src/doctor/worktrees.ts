import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { AutoresearchError } from '../errors.ts';
import { forceRemove, LEFT } from '../git/force-remove.ts';
import type { Repository } from '../git/repository.ts';
import { pinInFlight } from '../git/run-refs.ts';
import { readInFlight } from '../ledger/wal.ts';
import { worktreeDirOf } from '../engine/slots/run-paths.ts';
import type { Finding } from './finding.ts';

/** A worktree of a run, as git has it registered; its folder need not be there. */
interface OwnWorktree {
  readonly gitDir: string;
  readonly dir: string;
  readonly run: string;
}

export function listOwnWorktrees({ commonDir, stateDir }: Repository): OwnWorktree[] {
  const folder = join(commonDir, 'worktrees');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const gitDir = join(folder, name);
    const dir = dirname(textOf(join(gitDir, 'gitdir')).trim());
    const run = relative(stateDir, dir).split(sep)[0] ?? '';
    return dir.startsWith(stateDir + sep) ? [{ gitDir, dir, run }] : [];
  });
}

/** Worktrees left by crashed sessions, and parts of others that could not be removed. A proposal that resume needs is kept. */
export function findWorktrees(repository: Repository, isLive: (run: string) => boolean): Finding[] {
  const { stateDir } = repository;
  if (!existsSync(stateDir)) return [];
  const registered = listOwnWorktrees(repository);
  const gone = registered.filter(({ dir, run }) => !existsSync(dir) && !isLive(run));
  const runs = readdirSync(stateDir).filter((run) => lstatSync(join(stateDir, run)).isDirectory() && !isLive(run));
  const left = runs.flatMap((run) => leftIn(repository, run));
  return [
    ...gone.map(({ gitDir, dir }): Finding => {
      const text = `git still lists the worktree ${relative(stateDir, dir)}, whose folder is gone`;
      return { kind: 'worktree', text, fix: async () => rmSync(gitDir, { recursive: true, force: true }) };
    }),
    ...left.map(({ dir, run }): Finding => {
      const gitDir = registered.find((each) => each.dir === dir)?.gitDir;
      return { kind: 'worktree', text: `a session that died has left ${dir}`, fix: () => removeLeft(repository, run, dir, gitDir) };
    }),
  ];
}

function leftIn({ stateDir }: Repository, run: string): { dir: string; run: string }[] {
  const runDir = join(stateDir, run);
  const inFlight = readInFlight(runDir, () => false);
  const aside = readdirSync(runDir).filter((name) => name.includes(LEFT));
  const folder = join(runDir, 'worktrees');
  const own = existsSync(folder) ? readdirSync(folder).map((name) => join('worktrees', name)) : [];
  // The edits of a proposal without a commit exist only in its worktree.
  const places = inFlight.filter(({ experiment }) => experiment.state === 'proposed').map(({ place }) => place);
  const needed = own.filter((path) => !path.includes(LEFT) && places.some((place) => isOf(runDir, path, place)));
  return [...aside, ...own].filter((path) => !needed.includes(path)).map((path) => ({ dir: join(runDir, path), run }));
}

/** Runs of an earlier version do not say which of their worktrees it was. */
function isOf(runDir: string, path: string, place: string | undefined): boolean {
  return place === undefined || join(runDir, path) === worktreeDirOf(runDir, place);
}

async function removeLeft(repository: Repository, run: string, dir: string, gitDir: string | undefined): Promise<void> {
  const inFlight = readInFlight(join(repository.stateDir, run), () => false).map(({ experiment }) => experiment);
  const commits = inFlight.flatMap((experiment) => (experiment.state === 'committed' ? [experiment.candidate] : []));
  // Its HEAD may be all that keeps a candidate that is to be measured again.
  if (gitDir !== undefined && commits.length > 0) await pinInFlight(repository, run, commits);
  if (!forceRemove(dir)) {
    throw new AutoresearchError('WORKTREE_STUCK', `${dir} cannot be removed`, {
      hint: 'see what holds it (lsattr, mount), and remove it by hand',
    });
  }
  if (gitDir !== undefined) rmSync(gitDir, { recursive: true, force: true });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
