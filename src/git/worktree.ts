import { lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { Change, DiffStat } from '../experiment.ts';
import { changeKey } from './change-key.ts';
import { sumOf } from './diffs.ts';
import { openGit, type Git } from './git.ts';
import { listSubmodules, type Repository } from './repository.ts';
import { isReplaced, linkTo } from './links.ts';
import { parseStatus } from './status.ts';
import { emptyFolder, findGitDir, forgetBegun, gitDirOf, isEmptyFolder, repairFolder, stampOf, steeringFiles } from './worktree-folder.ts';

/** Above this a change is not made a commit: git would keep it for ever. */
const MAX_CHANGE_BYTES = 100 * 1024 * 1024;

interface WorktreeOptions {
  /** Ignored files of the project that the trainer needs; they are linked in. */
  readonly link: readonly string[];
  /** What a trial writes; never part of a change. */
  readonly outputs: readonly string[];
  /** Ignored files that only audits may see; linked in for their trials alone. */
  readonly holdout: readonly string[];
}

/** One slot's own checkout of the repository. Its HEAD is the parent, then the candidate. */
export class Worktree {
  readonly dir: string;
  /** The project's folder inside it. */
  readonly cwd: string;
  /** Was it there already, with whatever an earlier session left in it? */
  readonly isTakenOver: boolean;
  /** Is the held-out data linked in, for a trial of an audit? */
  showsHoldout = false;
  readonly #repository: Repository;
  readonly #git: Git;
  readonly #options: WorktreeOptions;
  readonly #gitDir: string;
  /** Folders of submodules: empty here, and git looks at nothing in them. */
  readonly #submodules: readonly string[];
  /** The index as our own git left it; null until then. */
  #stamp: string | null = null;

  private constructor(
    repository: Repository,
    dir: string,
    gitDir: string,
    isTakenOver: boolean,
    submodules: readonly string[],
    options: WorktreeOptions,
  ) {
    this.dir = dir;
    this.cwd = join(dir, repository.prefix);
    this.isTakenOver = isTakenOver;
    this.#repository = repository;
    // Followed by a slash, a link would be taken for the folder it leads to.
    const bare = (paths: readonly string[]) => paths.map((path) => path.replace(/\/+$/, ''));
    this.#options = { link: bare(options.link), outputs: bare(options.outputs), holdout: bare(options.holdout) };
    this.#git = openGit(dir, { gitDir, workTree: dir });
    this.#gitDir = gitDir;
    this.#submodules = submodules;
    if (!isTakenOver) this.#stamp = stampOf(gitDir);
  }

  /** Makes the worktree at `dir`, or takes over the one a session that died has left there. */
  static async open(repository: Repository, dir: string, commit: string, options: WorktreeOptions): Promise<Worktree> {
    const found = findGitDir(dir, repository.commonDir);
    if (found === null) {
      rmSync(dir, { recursive: true, force: true });
      mkdirSync(dirname(dir), { recursive: true });
      // -f -f: the place may still be registered, and locked, although its folder is gone.
      await repository.git.run(['worktree', 'add', '-f', '-f', '--detach', dir, commit]);
    }
    return new Worktree(repository, dir, found ?? gitDirOf(dir), found !== null, await listSubmodules(repository, commit), options);
  }

  /** Makes the worktree hold exactly `commit`, and the links, and nothing else. */
  async restore(commit: string): Promise<void> {
    this.showsHoldout = false;
    repairFolder(this.dir, this.#gitDir);
    forgetBegun(this.#gitDir);
    // Without an index git writes every file anew, also those its flags would have left alone.
    if (stampOf(this.#gitDir) !== this.#stamp) rmSync(join(this.#gitDir, 'index'), { force: true });
    const kept = this.#options.link.flatMap((path) => ['-e', `/${this.#repository.prefix}${path}`]);
    await this.#git.run(['clean', '-ffdxq', ...kept]);
    if (this.head() === null) await this.#git.run(['update-ref', '--no-deref', 'HEAD', commit]);
    await this.#git.run(['reset', '-q', '--hard', commit]);
    this.#stamp = stampOf(this.#gitDir);
    for (const path of this.#submodules) emptyFolder(join(this.dir, path));
    mkdirSync(this.cwd, { recursive: true });
    for (const path of this.#options.link) this.#link(path);
  }

  /** What differs from `parent`, whatever the agent did with git. Files that git ignores are removed. */
  async changes(parent: string): Promise<Change[]> {
    const { changes, untracked, ignored } = await this.#status(parent, ['-uall', '--ignored=matching', '--ignore-submodules=none']);
    for (const path of ignored) if (!this.#isOurs(path)) rmSync(join(this.dir, path), { recursive: true, force: true });
    // The trainer must find the person's data there, not what an agent has put in its place.
    for (const path of this.#options.link) this.#link(path);
    const added = untracked.map((path) => this.#describeNew(path));
    const filled = this.#submodules
      .filter((path) => !isEmptyFolder(join(this.dir, path)))
      .map((path): Change => ({ path, kind: 'repository' }));
    return [...changes, ...added, ...filled]
      .filter((change) => !this.#isOurs(change.path))
      .map((change) => ({ ...change, path: this.#toProject(change.path) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Committed files that are no longer as in `commit`, and links that lead elsewhere; what the trainer is to write is left out. */
  async touched(commit: string): Promise<string[]> {
    const { changes } = await this.#status(commit, ['-uno', '--ignore-submodules=all']);
    const paths = changes.filter((change) => !this.#isOurs(change.path)).map((change) => this.#toProject(change.path));
    const { projectDir } = this.#repository;
    return [...paths, ...this.#options.link.filter((path) => isReplaced(join(projectDir, path), join(this.cwd, path)))];
  }

  /** Files through which somebody could make our own git do something else, or start a program. */
  steeringFiles(): string[] {
    return steeringFiles(this.#gitDir, this.#repository.commonDir);
  }

  /** Commits the changes on the detached HEAD; null where git cannot hold them: too large, or a name it refuses. */
  async commit(changes: readonly Change[], message: string): Promise<string | null> {
    if (this.#sizeOf(changes) > MAX_CHANGE_BYTES) return null;
    const plain = changes.every((change) => change.kind === 'modified' || change.kind === 'deleted');
    const paths = changes.filter((change) => change.kind !== 'repository').map((change) => change.path);
    if (paths.length === 0) return null;
    if (!plain && !(await this.#add(paths))) return null;
    const all = plain ? ['-a'] : [];
    await this.#git.run(['commit', '-q', ...all, '--no-verify', '--allow-empty', '--cleanup=verbatim', '-F', '-'], { input: message });
    this.#stamp = stampOf(this.#gitDir);
    return this.head() ?? (await this.#git.run(['rev-parse', 'HEAD'])).trim();
  }

  /** The same for the same content at the same paths on the same parent. */
  keyOf(changes: readonly Change[], parent: string): string {
    return changeKey(this.cwd, changes, parent);
  }

  /** Takes a commit back on top of what is checked out; null where it cannot be taken back alone. */
  async revert(commit: string): Promise<string | null> {
    const { code } = await this.#git.ask(['revert', '--no-edit', commit], { accept: [1, 128] });
    const made = code === 0 ? this.head() : null;
    if (made === null) forgetBegun(this.#gitDir);
    this.#stamp = stampOf(this.#gitDir);
    return made;
  }

  async diffStat(parent: string, candidate: string): Promise<DiffStat> {
    const out = await this.#git.run(['diff-tree', '-r', '--no-renames', '--numstat', '-z', parent, candidate]);
    return sumOf(out);
  }

  /** Declared outputs of an earlier trial must never be read as this one's. */
  removeOutputs(): void {
    for (const path of this.#options.outputs) rmSync(join(this.cwd, path), { recursive: true, force: true });
  }

  /** Until the next `restore`, which takes them away again. */
  linkHoldout(): void {
    this.showsHoldout = true;
    for (const path of this.#options.holdout) this.#link(path);
  }

  async remove(): Promise<void> {
    repairFolder(this.dir, this.#gitDir);
    await this.#repository.git.run(['worktree', 'remove', '--force', '--force', this.dir]);
  }

  /** The commit of the detached HEAD, read from its file; null where HEAD is something else. */
  head(): string | null {
    const head = readFileSync(join(this.#gitDir, 'HEAD'), 'utf8').trim();
    return /^[0-9a-f]{40,64}$/.test(head) ? head : null;
  }

  /** What git sees against `parent`, whatever somebody else's git has done to the index or the HEAD. */
  async #status(parent: string, options: readonly string[]): Promise<ReturnType<typeof parseStatus>> {
    repairFolder(this.dir, this.#gitDir);
    const isBegun = forgetBegun(this.#gitDir);
    if (isBegun || this.head() !== parent || stampOf(this.#gitDir) !== this.#stamp) {
      rmSync(join(this.#gitDir, 'index'), { force: true });
      await this.#git.run(['update-ref', '--no-deref', 'HEAD', parent]);
      await this.#git.run(['reset', '-q', '--mixed', parent]);
      this.#stamp = stampOf(this.#gitDir);
    }
    return parseStatus(await this.#git.run(['status', '--porcelain=v2', '-z', '--no-renames', ...options]));
  }

  async #add(paths: readonly string[]): Promise<boolean> {
    const input = paths.map((path) => `:(top,literal)${this.#toTop(path)}`).join('\0');
    const { code } = await this.#git.ask(['add', '-A', '-f', '--pathspec-from-file=-', '--pathspec-file-nul'], { input, accept: [1, 128] });
    return code === 0;
  }

  #isOurs(path: string): boolean {
    const bare = path.replace(/\/$/, '');
    return [...this.#options.link, ...this.#options.outputs].some((ours) => bare === `${this.#repository.prefix}${ours}`);
  }

  #toProject(path: string): string {
    return posix.relative(this.#repository.prefix, path) + (path.endsWith('/') ? '/' : '');
  }

  #toTop(path: string): string {
    return posix.join(this.#repository.prefix, path);
  }

  #describeNew(path: string): Change {
    if (path.endsWith('/')) return { path, kind: 'repository' };
    return { path, kind: lstatSync(join(this.dir, path)).isSymbolicLink() ? 'symlink' : 'added' };
  }

  #sizeOf(changes: readonly Change[]): number {
    const sizes = changes.map(({ path }) => lstatSync(join(this.cwd, path), { throwIfNoEntry: false })?.size ?? 0);
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  #link(path: string): void {
    linkTo(join(this.#repository.projectDir, path), join(this.cwd, path), this.dir);
  }
}
