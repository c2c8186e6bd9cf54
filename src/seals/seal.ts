import { chmodSync, cpSync, existsSync, lstatSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolders } from '../folders.ts';
import { stampAll, type Stamped } from './stamps.ts';

/** A path that has changed. */
export interface Break {
  readonly path: string;
  readonly how: 'changed' | 'added' | 'deleted';
}

/** The content of a sealed path, if it was small enough to keep in memory. */
type Held = { readonly bytes: Buffer; readonly mode: number } | { readonly link: string };

interface SealOptions {
  /** Folders and files in which everything may change. */
  readonly except?: readonly string[];
  /** Are these two contents equivalent? */
  readonly isSame?: (path: string, before: Buffer, after: Buffer) => boolean;
}

const LARGEST_HELD = 1024 * 1024;
const ALL_HELD = 32 * 1024 * 1024;
/** Python writes these wherever it runs; they are removed and not counted as tampering. */
const BYTECODE = /\/__pycache__\/[^/]+\.pyc(\.\d+)?$/;

/**
 * Tells whether files outside the worktree have changed: by size, times and inode, and by content where those differ, or are
 * too young to tell, and the content is held. Small files are held and can be put back.
 */
export class Seal {
  readonly #roots: readonly string[];
  readonly #except: ReadonlySet<string>;
  readonly #isSame: NonNullable<SealOptions['isSame']>;
  #stamps = new Map<string, Stamped>();
  #held = new Map<string, Held>();

  constructor(roots: readonly string[], { except = [], isSame = (_path, before, after) => before.equals(after) }: SealOptions = {}) {
    this.#except = new Set(except);
    this.#roots = roots;
    this.#isSame = isSame;
    this.renew();
  }

  /** Records the present state. */
  renew(): void {
    this.#stamps = stampAll(this.#roots, this.#except);
    this.#held = new Map();
    let room = ALL_HELD;
    for (const [path, { size, isFile }] of this.#stamps) {
      if (isFile && (size > LARGEST_HELD || size > room)) continue;
      if (isFile) room -= size;
      this.#held.set(path, holdOf(path));
    }
  }

  breaks(): Break[] {
    const now = stampAll(this.#roots, this.#except);
    const breaks: Break[] = [];
    for (const [path, before] of this.#stamps) {
      const after = now.get(path);
      if (after === undefined) breaks.push({ path, how: 'deleted' });
      else if (!this.#isUnchanged(path, before, after)) breaks.push({ path, how: 'changed' });
    }
    for (const path of now.keys()) if (!this.#stamps.has(path)) breaks.push({ path, how: 'added' });
    return breaks.filter(({ path, how }) => {
      if (how !== 'added' || !BYTECODE.test(path)) return true;
      rmSync(path, { force: true });
      return false;
    });
  }

  /** Restores what it has in memory, and moves added files and the changed versions to `keepDir`; returns what could not be restored. */
  mend(breaks: readonly Break[], keepDir: string): Break[] {
    // A link that replaced a folder must be removed first, or files would be written where it leads.
    const inOrder = breaks.toSorted((a, b) => Number(b.how === 'added') - Number(a.how === 'added'));
    return inOrder.filter(({ path, how }) => {
      const held = this.#held.get(path);
      if (held === undefined && how !== 'added') return true;
      keep(path, keepDir);
      rmSync(path, { recursive: true, force: true });
      if (held) putBack(path, held);
      const after = stampAll([path]).get(path);
      if (after) this.#stamps.set(path, after);
      return false;
    });
  }

  #isUnchanged(path: string, { stamp, isYoung }: Stamped, after: Stamped): boolean {
    const hasStamp = after.stamp === stamp;
    const before = this.#held.get(path);
    if ((hasStamp && !isYoung) || before === undefined || !after.isFile || 'link' in before) return hasStamp;
    const now = holdOf(path);
    const isSame = !('link' in now) && now.mode === before.mode && this.#isSame(path, before.bytes, now.bytes);
    if (isSame) {
      this.#stamps.set(path, after);
      this.#held.set(path, now);
    }
    return isSame;
  }
}

function holdOf(path: string): Held {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return { link: readlinkSync(path) };
  return { bytes: stat.isFile() ? readFileSync(path) : Buffer.alloc(0), mode: stat.mode & 0o7777 };
}

function putBack(path: string, held: Held): void {
  makeFolders(dirname(path));
  if ('link' in held) {
    symlinkSync(held.link, path);
    return;
  }
  writeFileSync(path, held.bytes);
  chmodSync(path, held.mode);
}

/** Nothing is deleted: the user may have made the file during the trial. */
function keep(path: string, keepDir: string): void {
  if (!lstatSync(path, { throwIfNoEntry: false })) return;
  makeFolders(keepDir);
  let place = join(keepDir, basename(path));
  for (let n = 1; existsSync(place); n++) place = join(keepDir, `${n}-${basename(path)}`);
  cpSync(path, place, { recursive: true, verbatimSymlinks: true });
}
