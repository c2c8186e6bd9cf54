import { join } from 'node:path';
import type { TextOptions } from '../views/types.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { findRun } from '../ledger/find-run.ts';
import { readRun, type RunRecord } from '../ledger/read.ts';

export interface ReadFlags {
  readonly json?: boolean;
  readonly rank?: boolean;
  readonly tsv?: boolean;
  readonly short?: boolean;
  readonly since?: number;
  readonly limit?: number;
  readonly follow?: boolean;
  /** Of all nodes together. */
  readonly swarm?: boolean;
  /** Of this node alone. */
  readonly node?: string;
  readonly run?: string;
  readonly out?: string;
  readonly recompute?: boolean;
}

/** The start of every reading command: the repository around the current folder, and a run's record. */
export async function openRun(name: string | undefined): Promise<{ repository: Repository; record: RunRecord }> {
  const repository = await openRepository(process.cwd());
  const record = await readRun(repository.git, await findRun(repository.git, name));
  return { repository, record };
}

/** The lock of a run, in the folder of the project it belongs to. */
export function lockFileOf({ repository, record }: { readonly repository: Repository; readonly record: RunRecord }): string {
  return join(repository.top, record.opening.projectPrefix, '.autoresearch', record.run, 'lock');
}

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** The layout for where stdout goes: a terminal has a width and colours, a pipe neither. */
export function textOptions(): TextOptions {
  const { isTTY, columns } = process.stdout;
  return { ...(isTTY && columns ? { width: columns } : {}), colour: isTTY && process.env['NO_COLOR'] === undefined };
}
