import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const FIRST_MS = 500;
/** Looking takes at most this share of the time. */
const SHARE = 10;

/** Watches how much folders have grown on disk, in MiB, until stopped. What was deleted and is still open is not seen. */
export function watchDisk(folders: readonly string[], onLook: (grownMb: number) => void): { stop(): void } {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const before = usedBy(folders);
  const look = async () => {
    const started = performance.now();
    const grown = (await usedBy(folders)) - (await before);
    if (stopped) return;
    onLook(grown / 1024 / 1024);
    schedule(Math.max(FIRST_MS, SHARE * (performance.now() - started)));
  };
  const schedule = (ms: number) => {
    timer = setTimeout(() => void look(), ms);
    timer.unref();
  };
  schedule(FIRST_MS);
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Bytes that everything in the folders takes on disk; links are not followed, and what goes meanwhile counts nothing. */
async function usedBy(folders: readonly string[]): Promise<number> {
  let bytes = 0;
  const open = [...folders];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) open.push(path);
      else bytes += 512 * ((await lstat(path).catch(() => null))?.blocks ?? 0);
    }
  }
  return bytes;
}
