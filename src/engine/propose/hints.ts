import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/** Hints of the human that wait for the next proposal: a file each, so that a run and a terminal never write the same one. */
const folderOf = (runDir: string) => join(runDir, 'hints');

export interface Hint {
  readonly file: string;
  readonly text: string;
}

export function queueHint(runDir: string, text: string): void {
  const folder = folderOf(runDir);
  mkdirSync(folder, { recursive: true });
  // The second clock keeps the order within one millisecond.
  const name = `${String(Date.now()).padStart(15, '0')}-${String(process.hrtime.bigint()).padStart(20, '0')}-${randomUUID()}`;
  writeFileSync(join(folder, `${name}.part`), text);
  // A reader of the folder sees the whole hint or nothing of it.
  renameSync(join(folder, `${name}.part`), join(folder, `${name}.txt`));
}

/** In the order in which they were given. */
export function waitingHints(runDir: string): Hint[] {
  let names: string[];
  try {
    names = readdirSync(folderOf(runDir));
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.txt'))
    .toSorted()
    .map((name) => join(folderOf(runDir), name))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

/** They are in a record now. */
export function removeHints(hints: readonly Hint[]): void {
  for (const { file } of hints) rmSync(file, { force: true });
}
