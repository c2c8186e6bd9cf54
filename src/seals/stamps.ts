import { lstatSync, readdirSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** What tells a file from a changed one without reading it; what a link says is part of it. */
export type Stamp = string;

export interface Stamped {
  readonly stamp: Stamp;
  readonly size: number;
  readonly isFile: boolean;
  /** Was it written just now? If it is written again in the same tick of the file system's clock, its stamp stays the same. */
  readonly isYoung: boolean;
}

/** The coarsest clock of a file system in use has ticks of two seconds. */
const LONGEST_TICK_MS = 2000;

/** Every file and link at and below the paths, by path. A path that is a link itself is also followed; one that is not there, or in `except`, is skipped. */
export function stampAll(roots: readonly string[], except: ReadonlySet<string> = new Set()): Map<string, Stamped> {
  const found = new Map<string, Stamped>();
  const stamp = (path: string): void => {
    const stat = except.has(path) ? undefined : lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isDirectory()) for (const name of namesIn(path)) stamp(join(path, name));
    else
      found.set(path, {
        stamp: stampOf(path, stat),
        size: stat.size,
        isFile: stat.isFile(),
        isYoung: stat.ctimeMs > Date.now() - LONGEST_TICK_MS,
      });
  };
  for (const root of roots) {
    stamp(root);
    if (found.get(root)?.isFile !== false) continue;
    const target = realpathOf(root);
    if (target !== null && !found.has(target)) stamp(target);
  }
  return found;
}

function stampOf(path: string, stat: Stats): Stamp {
  const link = stat.isSymbolicLink() ? readlinkSync(path) : '';
  return [stat.ino, stat.size, stat.mode, stat.mtimeMs, stat.ctimeMs, link].join();
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A file that we may not read cannot have been written by a candidate either.
    return [];
  }
}

function realpathOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
