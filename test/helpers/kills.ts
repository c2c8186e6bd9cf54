/** Kills at random moments of a run, and what they have left in its folder. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { InFlight } from '../../src/ledger/wal.ts';

/** Numbers from 0 to 1, the same in every run of the test. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The write-ahead files, one for each experiment in flight. */
export function walFilesOf(runDir: string): string[] {
  const folder = join(runDir, 'wal');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** What a kill has left in the write-ahead files: it must not be lost, and not be proposed again. */
export function leftInFlight(runDir: string): InFlight[] {
  return walFilesOf(runDir).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as InFlight];
        } catch {
          return [];
        }
      }),
  );
}

export function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

/** Acts once files of the run have changed so many times more, as far as somebody sees who looks every two milliseconds. */
export function afterWrites(files: () => readonly string[], writes: number, act: () => void): () => void {
  const look = () =>
    files()
      .map((file) => `${file} ${statSync(file, { throwIfNoEntry: false })?.size}`)
      .join();
  let [last, left] = [look(), writes];
  const timer = setInterval(() => {
    const now = look();
    if (now === last) return;
    last = now;
    if (left-- > 0) return;
    clearInterval(timer);
    act();
  }, 2);
  return () => clearInterval(timer);
}
