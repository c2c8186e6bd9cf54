import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Split } from '../config/types.ts';
import { makeFolders } from '../folders.ts';
import type { ReadData } from './read-data.ts';

/** The folders in which agents and trials find the rows of the config's `data`. */
export interface HandedData {
  /** For everybody. */
  readonly open: string;
  readonly loop: string;
  /** For audits alone. */
  readonly holdout: string;
  readonly hasOpen: boolean;
}

/** What a record says of one data file. */
export interface DataSummary {
  readonly path: string;
  readonly name: string;
  readonly rows: number;
  /** Of the file as it was read. */
  readonly sha256: string;
  readonly split: Split;
}

/** The list a trial finds at the path in `AUTORESEARCH_DATA`; docs/data.md has it for users. */
interface Manifest {
  readonly v: 1;
  readonly split: Split;
  readonly files: readonly ListedFile[];
}

interface ListedFile {
  readonly name: string;
  readonly split: Split;
  /** JSON Lines, whatever the format of the source. */
  readonly path: string;
  readonly source: string;
  readonly format: 'csv' | 'jsonl';
  readonly id: string;
  readonly rows: number;
  /** The JSON Schema of a row. */
  readonly schema: ReadData['schema'];
}

export function manifestOf(folder: string): string {
  return join(folder, 'data.json');
}

/** Writes the rows as they were checked, so that every evaluator reads one format, and what `check` has counted. */
export function handOver(dir: string, data: readonly ReadData[]): HandedData | null {
  rmSync(dir, { recursive: true, force: true });
  if (data.length === 0) return null;
  const folders = { open: join(dir, 'open'), loop: join(dir, 'loop'), holdout: join(dir, 'holdout') };
  for (const folder of Object.values(folders)) makeFolders(folder, { mode: 0o700 });
  const files = data.map((one, index) => writeRows(one, index, folders[one.split]));
  writeManifest(folders.open, { v: 1, split: 'open', files: files.filter(({ split }) => split === 'open') });
  writeManifest(folders.loop, { v: 1, split: 'loop', files: files.filter(({ split }) => split !== 'holdout') });
  writeManifest(folders.holdout, { v: 1, split: 'holdout', files });
  return { ...folders, hasOpen: files.some(({ split }) => split === 'open') };
}

export function summaryOf({ file, name, values, sha256, split }: ReadData): DataSummary {
  return { path: file.path, name, rows: values.length, sha256, split };
}

function writeRows({ file, name, format, split, values, schema }: ReadData, index: number, folder: string): ListedFile {
  const path = join(folder, `${index}-${name}.jsonl`);
  writeFileSync(path, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  return { name, split, path, source: file.path, format, id: file.id, rows: values.length, schema };
}

function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(manifestOf(folder), `${JSON.stringify(manifest, null, 2)}\n`);
}
