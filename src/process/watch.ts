import { endAtOnce } from './kill.ts';
import { watchLimits, type Limits } from './limits.ts';
import { watchMemory } from './memory.ts';

/** Quicker looks where processes are counted: they multiply fast. */
const COUNTED_MS = 100;

interface Watched {
  readonly limits?: Limits | null;
  readonly memoryFolders?: readonly string[];
  readonly reaper?: object | null;
  readonly isLaunched?: boolean;
}

/** Watches memory, and whatever else is limited: there is no time for the tree to end by itself. */
export function watch(pid: number, { limits, memoryFolders = [], reaper, isLaunched = false }: Watched): { stop(): number | null } {
  const isReaped = Boolean(reaper);
  const limited = limits ? watchLimits(limits, { isLaunched, end: () => endAtOnce(pid, { isReaped }) }) : null;
  const slowest = limits?.maxProcesses === undefined ? {} : { slowestMs: COUNTED_MS };
  const memory = watchMemory(pid, {
    isReaped,
    isContained: isReaped || isLaunched,
    memoryFolders,
    ...slowest,
    ...(limited && { onLook: limited.look }),
  });
  return {
    stop() {
      limited?.stop();
      return memory.stop();
    },
  };
}
