import type { KnownFile } from './look.ts';
import type { TreeFile } from './tree-files.ts';

/** A commit as it was checked out: its files, and the index that git made. */
export interface Known {
  readonly commit: string;
  index: Buffer;
  readonly files: ReadonlyMap<string, KnownFile>;
  readonly folders: ReadonlySet<string>;
  readonly converted: ReadonlySet<string>;
}

interface OtherContents {
  readonly files: ReadonlyMap<string, KnownFile>;
  /** Those of `files` that have another content. */
  readonly changed: readonly KnownFile[];
}

/**
 * What a commit that is known would be with the files of another one: null where these are not the same files with the same modes, or
 * may be converted otherwise.
 */
export function otherContents(known: Known, there: ReadonlyMap<string, TreeFile>): OtherContents | null {
  if (there.size !== known.files.size) return null;
  const files = new Map<string, KnownFile>();
  const changed: KnownFile[] = [];
  for (const [path, file] of known.files) {
    const other = there.get(path);
    if (other?.mode !== file.mode) return null;
    if (other.id === file.id) {
      files.set(path, file);
      continue;
    }
    if (/(^|\/)\.gitattributes$/.test(path)) return null;
    const now = { ...file, id: other.id, stamp: null };
    files.set(path, now);
    changed.push(now);
  }
  return { files, changed };
}

/** All folders above these paths, each with a slash at its end. */
export function foldersOf(paths: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at + 1));
  return folders;
}

/** Is this file or folder one of `kept`, which are there besides committed files? */
export function isKept(path: string, kept: readonly string[]): boolean {
  return kept.includes(path.replace(/\/$/, ''));
}
