import { join } from 'node:path';
import { readBlobs } from './blobs.ts';
import type { Known } from './known-commit.ts';
import type { HashName } from './objects.ts';
import { mergeLines } from './merge-lines.ts';
import type { Service } from './service.ts';
import type { TreeFile, TreeFiles } from './tree-files.ts';
import { replaceFile } from './write-file.ts';

/** Commits. */
export interface Sides {
  /** What both were made from. */
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

interface Place {
  readonly dir: string;
  /** What is checked out there: `ours`. */
  readonly known: Known;
  readonly batch: Service;
  readonly trees: TreeFiles;
  readonly hash: HashName;
}

interface Merged {
  /** Contents by path: what has to be written over the files of `ours`. */
  readonly contents: ReadonlyMap<string, Buffer>;
  /** Paths that cannot be merged. */
  readonly conflicts: readonly string[];
}

const PLAIN = [0o100644, 0o100755];

/**
 * Merges into the files what `theirs` has changed, where all three commits have the same files with the same modes. Gives the paths that
 * cannot be merged, and then writes nothing; null where git must say.
 */
export async function mergeQuickly({ dir, known, ...objects }: Place, sides: Sides): Promise<readonly string[] | null> {
  const merged = await merge(objects, sides).catch(() => null);
  if (merged === null) return null;
  const { contents, conflicts } = merged;
  if ([...contents.keys(), ...conflicts].some((path) => !known.files.has(path) || known.converted.has(path))) return null;
  if (conflicts.length > 0) return conflicts;
  for (const [path, content] of contents) replaceFile(join(dir, path), content, known.files.get(path)?.mode ?? 0);
  return [];
}

async function merge({ batch, trees, hash }: Omit<Place, 'dir' | 'known'>, sides: Sides): Promise<Merged | null> {
  const [base, ours, theirs] = await Promise.all([sides.base, sides.ours, sides.theirs].map((commit) => trees.of(commit, hash)));
  if (!base || !ours || !theirs || base.size !== ours.size || base.size !== theirs.size) return null;
  const contents = new Map<string, Buffer>();
  const conflicts: string[] = [];
  for (const [path, file] of base) {
    const [here, there] = [ours.get(path), theirs.get(path)];
    if (here?.mode !== file.mode || there?.mode !== file.mode) return null;
    if (there.id === file.id || there.id === here.id) continue;
    if (!PLAIN.includes(file.mode) || /(^|\/)\.gitattributes$/.test(path)) return null;
    const content = await contentOf(batch, file, here, there);
    if (content === null) return null;
    if (content === 'conflict') conflicts.push(path);
    else contents.set(path, content);
  }
  return { contents, conflicts };
}

async function contentOf(batch: Service, base: TreeFile, ours: TreeFile, theirs: TreeFile): Promise<Buffer | 'conflict' | null> {
  const [there = null, before = null, here = null] = await readBlobs(batch, [theirs.id, base.id, ours.id]);
  if (ours.id === base.id || there === null) return there;
  return before && here && mergeLines({ base: before, ours: here, theirs: there });
}
