import { createHash } from 'node:crypto';
import { basename, posix } from 'node:path';
import type { DataFile } from '../config/types.ts';

export interface DataProject {
  /** The text of a file as it is to be checked; null where there is none. */
  readonly read: (path: string) => Promise<string | null>;
  /** Paths that only audits see. */
  readonly holdout: readonly string[];
  /** Paths that are linked into worktrees. */
  readonly link: readonly string[];
  /** A file as the commit the run starts from has it; null if it has none. */
  readonly readCommitted: (path: string) => Promise<string | null>;
}

/** A data file with its rows, as trials are given them. */
export interface ReadData {
  readonly file: DataFile;
  /** What an evaluator knows the file by. */
  readonly name: string;
  readonly format: 'csv' | 'jsonl';
  readonly isHeldOut: boolean;
  readonly sha256: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly values: readonly Readonly<Record<string, unknown>>[];
}

/** `data/document.schema.json` holds rows that are a `document`, unless the config gives them another name. */
export function dataName({ name, schema }: DataFile): string {
  return name ?? basename(schema).replace(/(\.schema)?\.json$/i, '');
}

export function isHeldOut(path: string, { holdout }: Pick<DataProject, 'holdout'>): boolean {
  return holdout.some((outer) => isIn(path, outer));
}

/** Is the file read as it is, and not as the commit has it? */
export function isLinked(path: string, { holdout, link }: Pick<DataProject, 'holdout' | 'link'>): boolean {
  return [...holdout, ...link].some((outer) => isIn(path, outer));
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isIn(path: string, outer: string): boolean {
  const [inner, folder] = [posix.normalize(path), posix.normalize(outer).replace(/\/$/, '')];
  return inner === folder || inner.startsWith(`${folder}/`);
}
