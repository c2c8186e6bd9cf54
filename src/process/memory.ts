import { readFileSync } from 'node:fs';
import { memoryFilesMb, type Look } from './limits.ts';
import { listProcesses, treeBelow, treeOf } from './table.ts';

const FIRST_MS = 25;
const SLOWEST_MS = 500;

interface Watch {
  /** Gets what is used now. */
  readonly onLook?: (look: Look) => void;
  /** Folders in which the tree's last process may have files that are memory. */
  readonly memoryFolders?: readonly string[];
  /** How long between two looks at most. */
  readonly slowestMs?: number;
  /** Is the process only the one that started what is watched? */
  readonly isReaped?: boolean;
  /** Can nothing that it starts get out from below it? */
  readonly isContained?: boolean;
}

/** Watches the memory of a process tree until stopped; the peak is in MiB, null if never seen. */
export function watchMemory(
  pid: number,
  { onLook, memoryFolders = [], slowestMs = SLOWEST_MS, isReaped = false, isContained = isReaped }: Watch = {},
): { stop(): number | null } {
  let peak = isReaped ? null : highWater(pid);
  let timer: NodeJS.Timeout;
  let wait = FIRST_MS;
  let stopped = false;
  const look = async () => {
    // A limit needs every process of the tree; the kernel may leave one out of the children it tells while others end.
    const below = isContained && onLook === undefined ? treeBelow(pid) : null;
    const all = below ?? treeOf(await listProcesses().catch(() => []), pid);
    const tree = all.filter((row) => !isReaped || row.pid !== pid);
    const last = tree.at(-1);
    const inFiles = last && last.pid !== pid ? memoryFilesMb(last.pid, memoryFolders) : 0;
    const total = tree.reduce((sum, row) => sum + row.rssMb, inFiles);
    const seen = Math.max(total, ...tree.map((row) => highWater(row.pid) ?? 0));
    if (!stopped) onLook?.({ tree, mb: total });
    if (seen > 0) peak = Math.max(peak ?? 0, seen);
    if (!stopped) schedule();
  };
  const schedule = () => {
    timer = setTimeout(() => void look(), wait);
    timer.unref();
    wait = Math.min(wait * 1.5, slowestMs);
  };
  schedule();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      return peak;
    },
  };
}

/** The kernel's own record of a process' largest memory: it sees peaks between two looks. */
function highWater(pid: number): number | null {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return line ? Number(line[1]) / 1024 : null;
  } catch {
    return null;
  }
}
