/** Git's index, version 2 of its format (gitformat-index): read, and written with other ids or stats for some entries. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { HashName } from './objects.ts';

/** What tells a file from the same file after a write: as git compares it, without the device. */
export interface Stamp {
  readonly ctimeNs: bigint;
  readonly mtimeNs: bigint;
  /** The lower 32 bits. */
  readonly ino: bigint;
  readonly size: bigint;
}

export interface IndexEntry {
  readonly path: string;
  readonly mode: number;
  readonly id: string;
  readonly stamp: Stamp;
  /** Where the entry begins in the file. */
  readonly at: number;
}

const HEADER = 12;
/** Stats before the id. */
const STATS = 40;
const LOW = 0xffffffffn;
const GITLINK = 0o160000;

export function stampOfStat({ ctimeNs, mtimeNs, ino, size }: Pick<BigIntStats, keyof Stamp>): Stamp {
  return { ctimeNs, mtimeNs, ino: ino & LOW, size: size & LOW };
}

export function isSameStamp(a: Stamp, b: Stamp): boolean {
  return a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.ino === b.ino && a.size === b.size;
}

const lengthOf = (hash: HashName) => (hash === 'sha1' ? 20 : 32);

/**
 * The entries, in git's order; null for an index with more than plain files and links that are checked out: another
 * version, conflicts, flags that hide edits, submodules, a part in another file, names that are not plain text.
 */
export function readIndex(bytes: Buffer, hash: HashName): IndexEntry[] | null {
  if (bytes.toString('latin1', 0, 4) !== 'DIRC' || bytes.readUInt32BE(4) !== 2) return null;
  const entries: IndexEntry[] = [];
  const count = bytes.readUInt32BE(8);
  let at = HEADER;
  for (let n = 0; n < count; n++) {
    const flagsAt = at + STATS + lengthOf(hash);
    const end = bytes.indexOf(0, flagsAt + 2);
    const name = bytes.subarray(flagsAt + 2, end);
    const mode = bytes.readUInt32BE(at + 24);
    if ((bytes.readUInt16BE(flagsAt) & 0xf000) !== 0 || mode === GITLINK || !isUtf8(name) || name.includes(92)) return null;
    const time = (from: number) => BigInt(bytes.readUInt32BE(from)) * 1_000_000_000n + BigInt(bytes.readUInt32BE(from + 4));
    const stamp = {
      ctimeNs: time(at),
      mtimeNs: time(at + 8),
      ino: BigInt(bytes.readUInt32BE(at + 20)),
      size: BigInt(bytes.readUInt32BE(at + 36)),
    };
    entries.push({ path: name.toString(), mode, id: bytes.toString('hex', at + STATS, flagsAt), stamp, at });
    at += endOf(flagsAt + 2 + name.length - at);
  }
  // Extensions with a lower-case name must be understood.
  for (let ext = at; ext < bytes.length - lengthOf(hash); ext += 8 + bytes.readUInt32BE(ext + 4)) if ((bytes[ext] ?? 0) >= 97) return null;
  return entries;
}

/** At least one NUL, up to a multiple of eight bytes. */
const endOf = (length: number) => (length + 8) & ~7;

/** What the index says of how a file was when its content was known. */
export type IndexStat = Pick<BigIntStats, 'ctimeNs' | 'mtimeNs' | 'ino' | 'size' | 'dev' | 'uid' | 'gid'>;

/** The stat of no file: git then compares the content. */
export const NO_STAT: IndexStat = { ctimeNs: 0n, mtimeNs: 0n, ino: 0n, size: 0n, dev: 0n, uid: 0n, gid: 0n };

export interface NewEntry {
  readonly id: string;
  readonly stat: IndexStat;
}

/** The index with other ids and stats for the entries at these places. Extensions are left out: git makes them anew. */
export function patchIndex(bytes: Buffer, changes: ReadonlyMap<number, NewEntry>, hash: HashName): Buffer {
  const out = Buffer.from(bytes.subarray(0, endOfEntries(bytes, hash)));
  for (const [at, { id, stat }] of changes) {
    const { ctimeNs, mtimeNs, ino, size } = stampOfStat(stat);
    const words = [ctimeNs / 1_000_000_000n, ctimeNs % 1_000_000_000n, mtimeNs / 1_000_000_000n, mtimeNs % 1_000_000_000n, stat.dev, ino];
    for (const [n, word] of words.entries()) out.writeUInt32BE(Number(word & LOW), at + n * 4);
    for (const [n, word] of [stat.uid, stat.gid, size].entries()) out.writeUInt32BE(Number(word & LOW), at + 28 + n * 4);
    out.write(id, at + STATS, 'hex');
  }
  return Buffer.concat([out, createHash(hash).update(out).digest()]);
}

function endOfEntries(bytes: Buffer, hash: HashName): number {
  let at = HEADER;
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const nameAt = at + STATS + lengthOf(hash) + 2;
    at += endOf(bytes.indexOf(0, nameAt) - at);
  }
  return at;
}
