import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Processes that run in a folder, or have its path in their command line or environment. */
export function processesAt(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => {
      const cwd = quietly(() => readlinkSync(`/proc/${pid}/cwd`));
      const words =
        quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'latin1')) + quietly(() => readFileSync(`/proc/${pid}/environ`, 'latin1'));
      return (
        cwd === folder ||
        cwd.startsWith(`${folder}/`) ||
        cwd === `${folder} (deleted)` ||
        words.includes(Buffer.from(folder).toString('latin1'))
      );
    });
}

/** The same, after those that have been killed had time to go: less than what is left behind in tests lives by itself. */
export async function leftovers(folder: string, graceMs = 10_000): Promise<string[]> {
  for (let waited = 0; processesAt(folder).length > 0 && waited < graceMs; waited += 50) await sleep(50);
  return processesAt(folder).map((pid) => `${pid} ${quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')}`);
}

/** Waits as long as a test may take: only what never comes fails. */
export async function until<T>(what: string, look: () => T | undefined | null | false, limitMs = 300_000): Promise<T> {
  for (let waited = 0; waited < limitMs; waited += 10) {
    const found = look();
    if (found !== undefined && found !== null && found !== false) return found;
    await sleep(10);
  }
  throw new Error(`waited ${limitMs} ms in vain for ${what}`);
}

function quietly(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** The command line of a process, its words with spaces between; empty where it has ended. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
