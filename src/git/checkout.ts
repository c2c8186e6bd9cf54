import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolders } from '../folders.ts';
import type { DiffStat } from '../experiment.ts';
import { DiffStats } from './diff-stats.ts';
import { readUncommitted } from './diffs.ts';
import { clearPlace, type Warn } from './clear-place.ts';
import { isOfDisk, isOfFiles } from './failures.ts';
import { loosen } from './force-remove.ts';
import { openGit, type Git } from './git.ts';
import type { Repository } from './repository.ts';
import { pathBytes } from './path-bytes.ts';
import { QuickCheckout } from './quick-checkout.ts';
import { parseStatus } from './status.ts';
import { addWorktree, oneAtATime } from './add-worktree.ts';
import { findGitDir, forgetBegun, gitDirOf, removeBroken, repairFolder, stampOf } from './worktree-folder.ts';

const LITERAL = Buffer.from(':(top,literal)');
const NUL = Buffer.from([0]);

interface Asked {
  /** New files too, and those that git ignores, and submodules? */
  readonly withNew: boolean;
  /** Paths from the top that are there besides committed files, and no change. */
  readonly kept: readonly string[];
}

/** The files, the index and the HEAD of a worktree: restored to a commit, or compared with it, whatever a trial did to them. */
export class Checkout {
  readonly dir: string;
  readonly gitDir: string;
  readonly git: Git;
  /** Was it there already, with whatever an earlier session left in it? */
  readonly isTakenOver: boolean;
  readonly #warn: Warn;
  readonly #quick: QuickCheckout;
  readonly #diffStats: DiffStats;
  /** The index as our own git left it; null until then. */
  #stamp: string | null = null;
  /** The commit that this index is of, where we know it. */
  #indexOf: string | null = null;

  private constructor(dir: string, gitDir: string, isTakenOver: boolean, warn: Warn) {
    this.dir = dir;
    this.gitDir = gitDir;
    this.git = openGit(dir, { gitDir, workTree: dir });
    this.isTakenOver = isTakenOver;
    this.#warn = warn;
    this.#quick = new QuickCheckout(dir, gitDir, this.git);
    this.#diffStats = new DiffStats(this.git);
    if (!isTakenOver) this.trustIndex();
  }

  /** Makes the worktree at `dir`, or takes over the one a crashed session has left there. */
  static async open(repository: Repository, dir: string, commit: string, warn: Warn): Promise<Checkout> {
    const found = findGitDir(dir, repository.commonDir);
    if (found === null) {
      clearPlace(dir, warn);
      makeFolders(dirname(dir));
      await addWorktree(repository, dir, commit);
    }
    return new Checkout(dir, found ?? gitDirOf(dir), found !== null, warn);
  }

  /** Makes it hold exactly `commit`, and of other files only `kept`, paths from the top; then `finish` adds what else belongs there. */
  async hold(commit: string, kept: readonly string[], finish: () => void): Promise<void> {
    if (await this.#holdQuickly(commit, kept)) return finish();
    for (const help of [() => loosen(this.dir), () => this.#startAnew(), null]) {
      try {
        await this.#reset(commit, kept);
        return finish();
      } catch (error) {
        if (help === null || !isOfFiles(error)) throw error;
        help();
      }
    }
  }

  /** The changes against `parent`, whatever a trial did to the index or the HEAD. */
  async status(parent: string, { withNew, kept }: Asked): Promise<ReturnType<typeof parseStatus>> {
    repairFolder(this.dir, this.gitDir);
    const isBegun = forgetBegun(this.gitDir);
    if (isBegun || this.head() !== parent || stampOf(this.gitDir) !== this.#stamp) {
      rmSync(join(this.gitDir, 'index'), { force: true });
      await this.git.run(['update-ref', '--no-deref', 'HEAD', parent]);
      await this.git.run(['reset', '-q', '--mixed', parent]);
      this.trustIndex();
    } else {
      const modified = quickly(() => this.#quick.status(parent, kept, { withNew }));
      if (modified) return { changes: modified.map((path) => ({ path, kind: 'modified' })), untracked: [], ignored: [] };
    }
    const options = withNew ? ['-uall', '--ignored=matching', '--ignore-submodules=none'] : ['-uno', '--ignore-submodules=all'];
    const ask = () => this.git.ask(['status', '--porcelain=v2', '-z', '--no-renames', ...options], { isLatin1: true });
    const first = await ask();
    // Git passes over a folder that it may not read, and what is in it would be in the next trial.
    if (!/could not open directory|Permission denied/.test(first.said)) return parseStatus(first.out);
    loosen(this.dir);
    return parseStatus((await ask()).out);
  }

  /** The commit of the detached HEAD, read from its file; null where HEAD is something else. */
  head(): string | null {
    const head = readFileSync(join(this.gitDir, 'HEAD'), 'utf8').trim();
    return /^[0-9a-f]{40,64}$/.test(head) ? head : null;
  }

  /** Commits the content of these files, and gives the commit; null where git must do it. */
  commitQuickly(paths: readonly string[], message: string): string | null {
    const parent = this.head();
    if (parent === null || stampOf(this.gitDir) !== this.#stamp) return null;
    const commit = quickly(() => this.#quick.commit(parent, paths, message));
    if (commit !== null) this.trustIndex(commit);
    return commit;
  }

  /** What has changed of the files that `parent` has, of which `modified` are known to have another content and nothing else has changed. */
  async diff(parent: string, modified: readonly string[] | null): Promise<string> {
    const quick = modified && (await this.#quick.diff(parent, modified).catch(() => null));
    return quick ?? readUncommitted(this.git, parent);
  }

  /** Adds files and deletions, from the top, to the index; false where git refuses one of their names. */
  async add(paths: readonly string[]): Promise<boolean> {
    const input = Buffer.concat(paths.flatMap((path) => [LITERAL, pathBytes(path), NUL]));
    const { code } = await this.git.ask(['add', '-A', '-f', '--pathspec-from-file=-', '--pathspec-file-nul'], { input, accept: [1, 128] });
    return code === 0;
  }

  /** Merges into the files what `theirs` has changed on `base`: the paths that cannot be merged, or null where git must do it. */
  async mergeQuickly(base: string, theirs: string): Promise<readonly string[] | null> {
    const ours = this.head();
    return ours !== null && this.#isIndexOf(ours) ? this.#quick.merge({ base, ours, theirs }) : null;
  }

  diffStat(parent: string, candidate: string): Promise<DiffStat> {
    return this.#diffStats.of(parent, candidate);
  }

  /** The index is now as our own git has left it; `commit` is what it holds. */
  trustIndex(commit: string | null = null): void {
    this.#stamp = stampOf(this.gitDir);
    this.#indexOf = commit;
  }

  /** Git has made a commit, or checked one out. */
  async learn(commit: string): Promise<void> {
    this.trustIndex(commit);
    // Without our own index git does everything, and reports the same failure if it matters.
    await this.#quick.learn(commit).catch(() => {});
  }

  async remove(repository: Repository): Promise<void> {
    this.#quick.end();
    this.#diffStats.end();
    await oneAtATime(repository, () => this.#remove(repository));
  }

  async #remove({ git, commonDir }: Repository): Promise<void> {
    repairFolder(this.dir, this.gitDir);
    try {
      await git.run(['worktree', 'remove', '--force', '--force', this.dir]);
    } catch (error) {
      if (!isOfFiles(error) && !isOfDisk(error)) throw error;
      // Git may have removed a part, and then no longer knows the folder as a worktree: nobody would remove the rest.
      clearPlace(this.dir, this.#warn);
      rmSync(this.gitDir, { recursive: true, force: true });
    }
    removeBroken(commonDir, dirname(this.dir));
  }

  async #reset(commit: string, kept: readonly string[]): Promise<void> {
    repairFolder(this.dir, this.gitDir);
    forgetBegun(this.gitDir);
    // Without an index git writes every file anew, also those its flags would have left alone.
    if (stampOf(this.gitDir) !== this.#stamp) rmSync(join(this.gitDir, 'index'), { force: true });
    await this.git.run(['clean', '-ffdxq', ...kept.flatMap((path) => ['-e', `/${path}`])]);
    if (this.head() === null) await this.git.run(['update-ref', '--no-deref', 'HEAD', commit]);
    await this.git.run(['reset', '-q', '--hard', commit]);
    await this.learn(commit);
  }

  /** False where it must be done by git, which also says why something fails. */
  async #holdQuickly(commit: string, kept: readonly string[]): Promise<boolean> {
    try {
      repairFolder(this.dir, this.gitDir);
      forgetBegun(this.gitDir);
      if (!(await this.#quick.hold(commit, kept, (one) => this.#isIndexOf(one)))) return false;
    } catch {
      return false;
    }
    this.trustIndex(commit);
    return true;
  }

  #isIndexOf(commit: string): boolean {
    return this.#indexOf === commit && stampOf(this.gitDir) === this.#stamp;
  }

  #startAnew(): void {
    clearPlace(this.dir, this.#warn);
    rmSync(join(this.gitDir, 'index'), { force: true });
  }
}

/** Where our own code fails, git is called: it works, or reports the failure in its own words. */
function quickly<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
