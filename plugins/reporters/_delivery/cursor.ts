import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunView } from '../../../src/plugin.ts';
import { writeWhole } from './write-whole.ts';

/** How far a run has been told: its first experiments in the order of the ledger, and its first audits. */
export interface Cursor {
  readonly experiments: number;
  readonly audits: number;
}

interface Place {
  /** The reporter's place in the config, such as `reporters[1]`. */
  readonly path: string;
  readonly plugin: string;
  /** What tells one destination from another: an address, or the variable that holds it. */
  readonly destination: string;
}

const START: Cursor = { experiments: 0, audits: 0 };

/** Cursors of the sessions that go on in this process. No other process works on their runs. */
const inUse = new Set<string>();

/** Where the cursor of one reporter is: two reporters to one address have one each. */
export function cursorFileOf(runDir: string, { path, plugin, destination }: Place): string {
  const where = createHash('sha256').update(destination).digest('hex').slice(0, 8);
  return join(runDir, `sent-${plugin}-${where}-${path.replaceAll(/\W+/g, '')}.json`);
}

/**
 * Where a reporter goes on. One that has no cursor, because its place in the config is new, goes on where an earlier session
 * has left another one to the same address. `earlier` is a file that an earlier version wrote. When the session is over:
 * `leaveCursor`.
 */
export async function readCursor(file: string, run: RunView, earlier?: string): Promise<Cursor> {
  inUse.add(file);
  const own = (await readOne(file, run)) ?? (earlier === undefined ? null : await readOne(earlier, run));
  return own ?? (await furthestBeside(file, run)) ?? START;
}

export function leaveCursor(file: string): void {
  inUse.delete(file);
}

export async function writeCursor(file: string, { ledger }: RunView, cursor: Cursor): Promise<void> {
  await writeWhole(file, JSON.stringify({ ...cursor, ledger: ledger?.id ?? null }));
}

async function readOne(file: string, run: RunView): Promise<Cursor | null> {
  let value: { [K in keyof Cursor | 'ledger' | 'experiment']?: unknown };
  try {
    value = JSON.parse(await readFile(file, 'utf8')) as typeof value;
  } catch {
    return null;
  }
  const { experiments, audits, ledger, experiment } = value;
  if (typeof audits !== 'number') return null;
  // Version 0.1 wrote the number of the last experiment.
  if (typeof experiment === 'number') return { experiments: run.history.filter(({ id }) => id <= experiment).length, audits };
  if (typeof experiments !== 'number') return null;
  // Of another run that had this name.
  if (ledger !== (run.ledger?.id ?? null) || experiments > run.history.length) return null;
  return { experiments, audits };
}

async function furthestBeside(file: string, run: RunView): Promise<Cursor | null> {
  const start = file.replace(/-[^-]*\.json$/, '-');
  const names = await readdir(dirname(file)).catch(() => []);
  let furthest: Cursor | null = null;
  for (const name of names) {
    const other = join(dirname(file), name);
    if (!other.startsWith(start) || !name.endsWith('.json') || inUse.has(other)) continue;
    const cursor = await readOne(other, run);
    if (cursor !== null && (furthest === null || cursor.experiments > furthest.experiments)) furthest = cursor;
  }
  return furthest;
}
