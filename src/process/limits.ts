import { statfsSync } from 'node:fs';
import { watchDisk } from './disk.ts';
import type { ProcessRow } from './table.ts';

/** What a program and everything it starts may use together. */
export interface Limits {
  /** Files in the sandbox's own memory count too. */
  readonly maxMemoryMb?: number | undefined;
  readonly maxProcesses?: number | undefined;
  /** By how much the folders may grow. */
  readonly maxDiskMb?: number | undefined;
  readonly folders: readonly string[];
  /** Told which limit was passed, before everything is ended. */
  onOver(limit: 'maxMemoryMb' | 'maxProcesses' | 'maxDiskMb', used: number): void;
}

/** bwrap's own processes: the one outside the sandbox, and the first inside. */
const LAUNCHERS = 2;
const TMPFS = 0x01021994;

export interface Look {
  readonly tree: readonly ProcessRow[];
  readonly mb: number;
}

/** Watches all of it: `look` is to be called with each look at the processes. */
export function watchLimits(
  { maxMemoryMb = Infinity, maxProcesses = Infinity, maxDiskMb, folders, onOver }: Limits,
  { isLaunched, end }: { readonly isLaunched: boolean; end(): void },
): { look(look: Look): void; stop(): void } {
  let isOver = false;
  const check = (limit: Parameters<typeof onOver>[0], used: number, most: number) => {
    if (isOver || used <= most) return;
    isOver = true;
    onOver(limit, used);
    end();
  };
  const disk = maxDiskMb === undefined ? null : watchDisk(folders, (mb) => check('maxDiskMb', mb, maxDiskMb));
  return {
    look({ tree, mb }) {
      check('maxMemoryMb', mb, maxMemoryMb);
      check('maxProcesses', tree.length - (isLaunched ? LAUNCHERS : 0), maxProcesses);
    },
    stop: () => disk?.stop(),
  };
}

/** MiB in file systems of the sandbox that are nothing but memory, as a process in it sees them. */
export function memoryFilesMb(pid: number, folders: readonly string[]): number {
  return folders.reduce((sum, folder) => {
    try {
      const { type, blocks, bfree, bsize } = statfsSync(`/proc/${pid}/root${folder}`);
      return type === TMPFS ? sum + ((blocks - bfree) * bsize) / 1024 / 1024 : sum;
    } catch {
      return sum;
    }
  }, 0);
}
