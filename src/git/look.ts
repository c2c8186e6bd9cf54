/** Compares the files of a worktree with what its index says, as `git status` does, without starting git. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { isSameStamp, stampOfStat, type IndexEntry, type Stamp } from './index-file.ts';
import { hashObject, type HashName } from './objects.ts';

/** A file as it should be. */
export interface KnownFile extends Omit<IndexEntry, 'stamp'> {
  /** What the file looked like when its content was known; null where it may have changed since without showing it. */
  stamp: Stamp | null;
}

export interface Look {
  /** Files with another content. */
  readonly modified: KnownFile[];
  /** Files and folders that are not in the index; a folder ends with a slash, and is not looked into. */
  readonly unknown: string[];
  /** Is anything else different: a file that is missing, of another kind, that cannot be read, is too large to compare? */
  isOther: boolean;
}

/** Larger files that may have changed are left to git. */
export const MOST_BYTES = 4 * 1024 * 1024;
const LINK = 0o120000;

interface Expected {
  readonly dir: string;
  readonly files: ReadonlyMap<string, KnownFile>;
  /** Folders that are looked into, each with a slash at its end. */
  readonly folders: ReadonlySet<string>;
  readonly hash: HashName;
  /** A time of the file system's clock, before now: what was written before it shows every later write. */
  readonly clockNs: bigint;
}

/** @throws what the file system says of a folder or file that cannot be read */
export function look(expected: Expected): Look {
  const found: Look = { modified: [], unknown: [], isOther: false };
  let seen = 0;
  const walk = (folder: string): void => {
    for (const child of readdirSync(join(expected.dir, folder), { withFileTypes: true })) {
      const path = folder + child.name;
      if (path === '.git') continue;
      const file = expected.files.get(path);
      // A name that is not UTF-8 cannot be used as text.
      if (child.name.includes('\uFFFD')) found.isOther = true;
      else if (file) {
        seen++;
        compare(file);
      } else if (child.isDirectory() && expected.folders.has(`${path}/`)) walk(`${path}/`);
      else found.unknown.push(child.isDirectory() ? `${path}/` : path);
    }
  };
  const compare = (file: KnownFile): void => {
    const at = join(expected.dir, file.path);
    const stat = lstatSync(at, { bigint: true });
    const stamp = stampOfStat(stat);
    if (!isOfKind(stat, file.mode)) found.isOther = true;
    else if (file.stamp !== null && isSameStamp(stamp, file.stamp)) return;
    else if (stat.size > MOST_BYTES) found.isOther = true;
    else if (idOf(at, stat, expected.hash) === file.id)
      file.stamp = stamp.ctimeNs < expected.clockNs && stamp.mtimeNs < expected.clockNs ? stamp : null;
    else if (stat.isFile()) found.modified.push(file);
    else found.isOther = true;
  };
  walk('');
  return { ...found, isOther: found.isOther || seen < expected.files.size };
}

function isOfKind(stat: BigIntStats, mode: number): boolean {
  if (mode === LINK) return stat.isSymbolicLink();
  return stat.isFile() && ((stat.mode & 0o100n) !== 0n) === (mode === 0o100755);
}

function idOf(at: string, stat: BigIntStats, hash: HashName): string {
  return hashObject('blob', stat.isFile() ? readFileSync(at) : readlinkSync(at, 'buffer'), hash).toString('hex');
}
