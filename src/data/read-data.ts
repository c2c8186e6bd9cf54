import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { DataFile, Split } from '../config/types.ts';

export interface DataProject {
  /** The text of a file as it is to be checked; null where there is none. */
  readonly read: (path: string) => Promise<string | null>;
  /** A file as the commit the run starts from has it; null if it has none. */
  readonly readCommitted: (path: string) => Promise<string | null>;
  readonly splitOf: (file: DataFile) => Split;
  /** Is a file read as it is, and not as the commit has it? */
  readonly isLinked: (path: string) => boolean;
}

/** A data file with its rows, as trials are given them. */
export interface ReadData {
  readonly file: DataFile;
  /** What an evaluator knows the file by. */
  readonly name: string;
  readonly format: 'csv' | 'jsonl';
  readonly split: Split;
  readonly sha256: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly values: readonly Readonly<Record<string, unknown>>[];
}

/** `data/document.schema.json` holds rows that are a `document`, unless the config gives them another name. */
export function dataName({ name, schema }: DataFile): string {
  return name ?? basename(schema).replace(/(\.schema)?\.json$/i, '');
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
