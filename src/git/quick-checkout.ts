import { lstatSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlobs } from './blobs.ts';
import { Conversions } from './conversions.ts';
import { forceRemove } from './force-remove.ts';
import { COMMITTER, type Git } from './git.ts';
import { NO_STAT, patchIndex, readIndex, type NewEntry } from './index-file.ts';
import { foldersOf, isKept, otherContents, type Known } from './known-commit.ts';
import { lineDiff } from './line-diff.ts';
import { look, MOST_BYTES, type KnownFile, type Look } from './look.ts';
import { ObjectWriter } from './objects.ts';
import { mergeQuickly, type Sides } from './quick-merge.ts';
import type { Service } from './service.ts';
import { TreeFiles } from './tree-files.ts';
import { writeTrees } from './trees.ts';
import { replaceFile } from './write-file.ts';

/** With more files git is as quick. */
const MOST_FILES = 2000;
/** The incumbent, the candidate, and one more. */
const MOST_KNOWN = 3;

/**
 * Restores, compares and commits without starting git, where only the content of plain files has changed: the usual
 * case. Where anything else has, each method answers null or false, and git does it.
 */
export class QuickCheckout {
  readonly #dir: string;
  readonly #gitDir: string;
  readonly #git: Git;
  readonly #conversions: Conversions;
  readonly #blobs: Service;
  readonly #trees: TreeFiles;
  readonly #known = new Map<string, Known>();
  #objects: ObjectWriter | null = null;
  /** When the index was last written, by the clock of the file system. */
  #clockNs = 0n;

  constructor(dir: string, gitDir: string, git: Git) {
    this.#dir = dir;
    this.#gitDir = gitDir;
    this.#git = git;
    this.#conversions = new Conversions(git);
    this.#blobs = git.serve(['cat-file', '--batch']);
    this.#trees = new TreeFiles(this.#blobs);
  }

  /** Git has just checked out a commit, or made it: takes note of what the index says. */
  async learn(commit: string): Promise<void> {
    this.#objects ??= await ObjectWriter.open(this.#git);
    this.#known.delete(commit);
    const index = readFileSync(join(this.#gitDir, 'index'));
    this.#readClock();
    const entries = readIndex(index, this.#objects.hash);
    if (entries === null || entries.length > MOST_FILES || (await this.#conversions.isForAll())) return;
    const isSure = (ns: bigint) => ns < this.#clockNs;
    const files = entries.map((entry): KnownFile => {
      const { ctimeNs, mtimeNs } = entry.stamp;
      return { ...entry, stamp: isSure(ctimeNs) && isSure(mtimeNs) ? entry.stamp : null };
    });
    this.#remember({
      commit,
      index,
      files: new Map(files.map((file) => [file.path, file])),
      folders: foldersOf(files.map(({ path }) => path)),
      converted: await this.#conversions.of(files),
    });
  }

  /** Makes the worktree hold exactly `commit`, and of other files only `kept`. False where git must do it. */
  async hold(commit: string, kept: readonly string[], isIndexOf: (commit: string) => boolean): Promise<boolean> {
    const known = this.#known.get(commit) ?? (await this.#readFrom(commit));
    const found = known && this.#look(known, kept);
    if (!found) return false;
    const contents = await readBlobs(
      this.#blobs,
      found.modified.map(({ id }) => id),
    );
    if (found.modified.some((_, n) => contents[n] === null)) return false;
    for (const path of found.unknown) if (!isKept(path, kept) && !forceRemove(join(this.#dir, path))) return false;
    const written = found.modified.map((file, n): [KnownFile, NewEntry] => {
      const at = join(this.#dir, file.path);
      replaceFile(at, contents[n] ?? '', file.mode);
      return [file, { id: file.id, stat: lstatSync(at, { bigint: true }) }];
    });
    this.#patch(known, written);
    if (written.length > 0 || !isIndexOf(commit)) this.#writeIndex(known);
    this.#writeHead(commit);
    this.#remember(known);
    return true;
  }

  /** The paths that differ from a commit that is checked out. Null where git must say. */
  status(commit: string, kept: readonly string[], { withNew }: { readonly withNew: boolean }): string[] | null {
    const known = this.#known.get(commit);
    const found = known && this.#look(known, kept);
    if (!found || (withNew && found.unknown.some((path) => !isKept(path, kept)))) return null;
    return found.modified.map(({ path }) => path);
  }

  /** Commits the content of these files, on the commit that is checked out. Null where git must do it. */
  commit(parent: string, paths: readonly string[], message: string): string | null {
    const known = this.#known.get(parent);
    const objects = this.#objects;
    const changed = paths.flatMap((path) => known?.files.get(path) ?? []);
    if (!known || !objects || changed.length < paths.length || paths.some((path) => known.converted.has(path))) return null;
    const entries = new Map<string, NewEntry>();
    for (const { path } of changed) {
      const stat = lstatSync(join(this.#dir, path), { bigint: true });
      if (!stat.isFile() || stat.size > MOST_BYTES) return null;
      entries.set(path, { stat, id: objects.write('blob', readFileSync(join(this.#dir, path))) });
    }
    // Its content is compared the next time, even if its stats have not changed.
    const files = [...known.files.values()].map((file) => ({
      ...file,
      ...(entries.has(file.path) && { id: entries.get(file.path)?.id ?? '', stamp: null }),
    }));
    const who = `${COMMITTER} ${Math.floor(Date.now() / 1000)} +0000`;
    const tree = writeTrees(objects, files, new Set(paths));
    const commit = objects.write('commit', `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\n${message}`);
    const made: Known = { ...known, commit, files: new Map(files.map((file) => [file.path, file])) };
    this.#patch(
      made,
      changed.map((file) => [file, entries.get(file.path) as NewEntry]),
    );
    this.#writeIndex(made);
    this.#writeHead(commit);
    this.#remember(made);
    return commit;
  }

  /** What has changed in these files since a commit that is checked out, as `git diff -U0` says it. Null where git must say. */
  async diff(commit: string, paths: readonly string[]): Promise<string | null> {
    const known = this.#known.get(commit);
    const files = paths.flatMap((path) => known?.files.get(path) ?? []);
    if (!known || files.length < paths.length || paths.some((path) => known.converted.has(path))) return null;
    const contents = await readBlobs(
      this.#blobs,
      files.map(({ id }) => id),
    );
    const diffs = files.map(({ path }, n) => {
      const before = contents[n] ?? null;
      return before && lineDiff(path, before, readFileSync(join(this.#dir, path)));
    });
    return diffs.every((diff) => diff !== null) ? diffs.join('') : null;
  }

  /** Merges into the files of `ours`, which is checked out, what `theirs` has changed on `base`. Null where git must do it. */
  async merge(sides: Sides): Promise<readonly string[] | null> {
    const [known, objects] = [this.#known.get(sides.ours), this.#objects];
    if (!known || !objects) return null;
    return mergeQuickly({ dir: this.#dir, known, batch: this.#blobs, trees: this.#trees, hash: objects.hash }, sides);
  }

  end(): void {
    this.#blobs.end();
  }

  /** A commit that was made elsewhere, where it has the same files as one that is known, some with another content; else null. */
  async #readFrom(commit: string): Promise<Known | null> {
    const base = [...this.#known.values()].at(-1);
    const objects = this.#objects;
    const there = base && objects && (await this.#trees.of(commit, objects.hash));
    const other = there && otherContents(base, there);
    if (!other) return null;
    const known: Known = { ...base, commit, files: other.files };
    // Without a stat, git compares these files the next time.
    const entries = other.changed.map((file): [KnownFile, NewEntry] => [file, { id: file.id, stat: NO_STAT }]);
    this.#patch(known, entries);
    return known;
  }

  #look(known: Known, kept: readonly string[]): Look | null {
    const folders = new Set([...known.folders, ...foldersOf(kept)]);
    const found = look({ dir: this.#dir, files: known.files, folders, hash: this.#objects?.hash ?? 'sha1', clockNs: this.#clockNs });
    return found.isOther || found.modified.some(({ path }) => known.converted.has(path)) ? null : found;
  }

  #patch(known: Known, changes: readonly (readonly [KnownFile, NewEntry])[]): void {
    if (changes.length === 0) return;
    known.index = patchIndex(known.index, new Map(changes.map(([{ at }, entry]) => [at, entry])), this.#objects?.hash ?? 'sha1');
    for (const [{ path }] of changes) {
      const file = known.files.get(path);
      if (file) file.stamp = null;
    }
  }

  #writeIndex({ index }: Known): void {
    this.#replace('index', index);
    this.#readClock();
  }

  #writeHead(commit: string): void {
    const text = `${commit}\n`;
    if (readFileSync(join(this.#gitDir, 'HEAD'), 'utf8') !== text) this.#replace('HEAD', text);
  }

  /** As git does it, which respects the lock. */
  #replace(name: string, content: string | Buffer): void {
    const lock = join(this.#gitDir, `${name}.lock`);
    try {
      writeFileSync(lock, content, { flag: 'wx' });
      renameSync(lock, join(this.#gitDir, name));
    } catch (error) {
      rmSync(lock, { force: true });
      throw error;
    }
  }

  #readClock(): void {
    this.#clockNs = statSync(join(this.#gitDir, 'index'), { bigint: true }).mtimeNs;
  }

  #remember(known: Known): void {
    this.#known.delete(known.commit);
    this.#known.set(known.commit, known);
    for (const commit of [...this.#known.keys()].slice(0, -MOST_KNOWN)) this.#known.delete(commit);
  }
}
