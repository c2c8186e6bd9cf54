import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadData } from './read-data.ts';

/** The folders in which trials find the rows of the config's `data`. */
export interface HandedData {
  readonly loop: string;
  /** For audits alone. */
  readonly holdout: string;
}

/** What a record says of one data file. */
export interface DataSummary {
  readonly path: string;
  readonly name: string;
  readonly rows: number;
  /** Of the file as it was read. */
  readonly sha256: string;
  readonly holdout?: true;
}

/** The list a trial finds at the path in `AUTORESEARCH_DATA`; docs/data.md has it for users. */
interface Manifest {
  readonly v: 1;
  readonly split: 'loop' | 'holdout';
  readonly files: readonly ListedFile[];
}

interface ListedFile {
  readonly name: string;
  readonly split: 'loop' | 'holdout';
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
  const handed = { loop: join(dir, 'loop'), holdout: join(dir, 'holdout') };
  for (const folder of Object.values(handed)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = data.map((one, index) => writeRows(one, index, handed));
  writeManifest(handed.loop, { v: 1, split: 'loop', files: files.filter(({ split }) => split === 'loop') });
  writeManifest(handed.holdout, { v: 1, split: 'holdout', files });
  return handed;
}

export function summaryOf({ file, name, values, sha256, isHeldOut }: ReadData): DataSummary {
  return { path: file.path, name, rows: values.length, sha256, ...(isHeldOut && { holdout: true as const }) };
}

function writeRows({ file, name, format, isHeldOut, values, schema }: ReadData, index: number, handed: HandedData): ListedFile {
  const split = isHeldOut ? 'holdout' : 'loop';
  const path = join(handed[split], `${index}-${name}.jsonl`);
  writeFileSync(path, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  return { name, split, path, source: file.path, format, id: file.id, rows: values.length, schema };
}

function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(manifestOf(folder), `${JSON.stringify(manifest, null, 2)}\n`);
}
