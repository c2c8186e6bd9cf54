import { lstatSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Change, DiffStat, MovedFrom } from '../experiment.ts';
import type { TrialTree } from '../contract/remote.ts';
import { makeFolders } from '../folders.ts';
import { changeKey } from './change-key.ts';
import { treeAt } from './pack-tree.ts';
import { Checkout } from './checkout.ts';
import { forceRemove } from './force-remove.ts';
import { fileAt } from './path-bytes.ts';
import { listSubmodules, type Repository } from './repository.ts';
import { linkTo, makeMountPoint, stampOfLink, type Link } from './links.ts';
import { emptyFolder, forgetBegun, isEmptyFolder, ownSteeringFiles } from './worktree-folder.ts';

/** A larger change is not committed, because git would keep it for ever. */
const MAX_CHANGE_BYTES = 100 * 1024 * 1024;

interface WorktreeOptions {
  /** Files of the person that are there besides the committed ones. */
  readonly links: readonly Link[];
  /** The same for the trials of an audit. */
  readonly auditLinks: readonly Link[];
  /** What a trial writes, relative to the project; never part of a change. */
  readonly outputs: readonly string[];
  /** Does a sandbox mount what is linked? Then the worktree holds empty files and folders to mount on, else links. */
  readonly isMounted: boolean;
}

/** One slot's own checkout of the repository. Its HEAD is the parent, then the candidate. */
export class Worktree {
  readonly dir: string;
  /** The project's folder inside it. */
  readonly cwd: string;
  /** Was it there already, with whatever an earlier session left in it? */
  readonly isTakenOver: boolean;
  /** Is it as the trials of an audit see it? */
  showsHoldout = false;
  readonly #repository: Repository;
  readonly #checkout: Checkout;
  readonly #options: WorktreeOptions;
  /** Folders of submodules: empty here, and git looks at nothing in them. */
  readonly #submodules: readonly string[];
  /** Every link as it was made. */
  readonly #linkStamps = new Map<string, string>();

  private constructor(repository: Repository, checkout: Checkout, submodules: readonly string[], options: WorktreeOptions) {
    this.dir = checkout.dir;
    this.cwd = join(this.dir, repository.prefix);
    this.isTakenOver = checkout.isTakenOver;
    this.#repository = repository;
    this.#checkout = checkout;
    this.#options = { ...options, outputs: options.outputs.map((path) => path.replace(/\/+$/, '')) };
    this.#submodules = submodules;
  }

  /** Makes the worktree at `dir`, or takes over the one a session that died has left there. */
  static async open(
    repository: Repository,
    dir: string,
    commit: string,
    options: WorktreeOptions,
    warn: (message: string) => void = () => {},
  ): Promise<Worktree> {
    const checkout = await Checkout.open(repository, dir, commit, warn);
    return new Worktree(repository, checkout, await listSubmodules(repository, commit), options);
  }

  /** What is linked in now. */
  get linked(): readonly Link[] {
    return this.showsHoldout ? this.#options.auditLinks : this.#options.links;
  }

  /** Makes the worktree hold exactly `commit`, and the links, and nothing else. */
  async restore(commit: string): Promise<void> {
    this.showsHoldout = false;
    const kept = this.#options.links.map(({ path }) => `${this.#repository.prefix}${path}`);
    await this.#checkout.hold(commit, kept, () => {
      for (const path of this.#submodules) emptyFolder(join(this.dir, path));
      makeFolders(this.cwd);
      this.#link();
    });
  }

  /** What differs from `parent`, whatever the agent did with git. Files that git ignores are removed. */
  async changes(parent: string): Promise<Change[]> {
    const { changes, untracked, ignored } = await this.#checkout.status(parent, { withNew: true, kept: this.#ours() });
    // A file that cannot be removed is visible to the trainer too, so it is part of the change.
    const stuck = ignored.filter((path) => !this.#isOurs(path) && !forceRemove(fileAt(this.dir, path)));
    // The trainer must find the user's data there, and not a replacement by an agent.
    this.#link();
    const added = [...untracked, ...stuck].map((path) => this.#describeNew(path));
    const filled = this.#submodules
      .filter((path) => !isEmptyFolder(join(this.dir, path)))
      .map((path): Change => ({ path, kind: 'repository' }));
    return [...changes, ...added, ...filled]
      .filter((change) => !this.#isOurs(change.path))
      .map((change) => ({ ...change, path: this.#toProject(change.path) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Committed files that are no longer as in `commit`, and links that are not those that were made; what the trainer is to write is left out. */
  async touched(commit: string): Promise<string[]> {
    const { changes } = await this.#checkout.status(commit, { withNew: false, kept: this.#ours() });
    const paths = changes.filter((change) => !this.#isOurs(change.path)).map((change) => this.#toProject(change.path));
    return [...paths, ...this.linked.map(({ path }) => path).filter((path) => this.#linkStamps.get(path) !== this.#stampOf(path))];
  }

  /** Files of this worktree through which somebody could make our own git do something else, or start a program. */
  ownSteeringFiles(): string[] {
    return ownSteeringFiles(this.#checkout.gitDir);
  }

  /** Commits the changes on the detached HEAD; null where git cannot hold them: too large, or a name it refuses. */
  async commit(changes: readonly Change[], message: string): Promise<string | null> {
    if (this.#sizeOf(changes) > MAX_CHANGE_BYTES) return null;
    const plain = changes.every((change) => change.kind === 'modified' || change.kind === 'deleted');
    const paths = changes.filter((change) => change.kind !== 'repository').map((change) => change.path);
    if (paths.length === 0) return null;
    const made = changes.every(({ kind }) => kind === 'modified')
      ? this.#checkout.commitQuickly(
          paths.map((path) => this.#toTop(path)),
          message,
        )
      : null;
    if (made !== null) return made;
    if (!plain && !(await this.#checkout.add(paths.map((path) => this.#toTop(path))))) return null;
    const all = plain ? ['-a'] : [];
    const { git } = this.#checkout;
    await git.run(['commit', '-q', ...all, '--no-verify', '--allow-empty', '--cleanup=verbatim', '-F', '-'], { input: message });
    const commit = this.#checkout.head() ?? (await git.run(['rev-parse', 'HEAD'])).trim();
    await this.#checkout.learn(commit);
    return commit;
  }

  /** The same for the same content at the same paths on the same parent. */
  keyOf(changes: readonly Change[], parent: string): string {
    return changeKey(this.cwd, changes, parent);
  }

  /** Takes a commit back on top of what is checked out, always as the same commit; null where it cannot be taken back alone. */
  async revert(commit: string): Promise<string | null> {
    const { git, gitDir } = this.#checkout;
    const at = (await git.run(['show', '-s', '--format=%ct +0000', commit])).trim();
    const env = { GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at };
    const { code } = await git.ask(['revert', '--no-edit', commit], { accept: [1, 128], env });
    const made = code === 0 ? this.#checkout.head() : null;
    if (made === null) forgetBegun(gitDir);
    this.#checkout.trustIndex();
    return made;
  }

  /** Merges a change into the files, without git: the paths that cannot be merged, where nothing is written; null where git must do it. */
  readonly mergeQuickly = ({ parent, candidate }: MovedFrom) => this.#checkout.mergeQuickly(parent, candidate);

  /** What `changes` are, line by line, without new files. */
  diffOf(parent: string, changes: readonly Change[]): Promise<string> {
    const isPlain = changes.every(({ kind }) => kind === 'modified');
    return this.#checkout.diff(parent, isPlain ? changes.map(({ path }) => this.#toTop(path)) : null);
  }

  readonly treeOf = (commit: string): TrialTree => treeAt(this.#checkout.git, commit, this.#repository.prefix);

  readonly diffStat = (parent: string, candidate: string): Promise<DiffStat> => this.#checkout.diffStat(parent, candidate);

  /** Removes the outputs of an earlier trial, so that they are never read as this one's; false if some cannot be removed. */
  removeOutputs(): boolean {
    return this.#options.outputs.map((path) => forceRemove(join(this.cwd, path))).every(Boolean);
  }

  /** They stay until the next `restore`. */
  linkForAudit(): void {
    this.showsHoldout = true;
    this.#link();
  }

  async remove(): Promise<void> {
    await this.#checkout.remove(this.#repository);
  }

  #isOurs(path: string): boolean {
    return this.#ours().includes(path.replace(/\/$/, ''));
  }

  /** From the top: what is linked in, and what trials write. */
  #ours(): string[] {
    return [...this.linked.map(({ path }) => path), ...this.#options.outputs].map((path) => `${this.#repository.prefix}${path}`);
  }

  #toProject(path: string): string {
    return posix.relative(this.#repository.prefix, path) + (path.endsWith('/') ? '/' : '');
  }

  #toTop(path: string): string {
    return posix.join(this.#repository.prefix, path);
  }

  #describeNew(path: string): Change {
    if (path.endsWith('/')) return { path, kind: 'repository' };
    return { path, kind: lstatSync(fileAt(this.dir, path)).isSymbolicLink() ? 'symlink' : 'added' };
  }

  #sizeOf(changes: readonly Change[]): number {
    const sizes = changes.map(({ path }) => lstatSync(fileAt(this.cwd, path), { throwIfNoEntry: false })?.size ?? 0);
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  #link(): void {
    for (const link of this.linked) {
      const at = join(this.cwd, link.path);
      if (this.#options.isMounted) makeMountPoint(link, at, this.dir);
      else linkTo(link.source, at, this.dir);
      this.#linkStamps.set(link.path, this.#stampOf(link.path));
    }
  }

  #stampOf(path: string): string {
    return stampOfLink(join(this.cwd, path));
  }
}
