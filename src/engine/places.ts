/** Where a run's own files are. */
import { join } from 'node:path';

const fileName = (slot: string) => slot.replaceAll(/[^\w-]/g, '-');

export function worktreeDirOf(runDir: string, slot = 'default'): string {
  return join(runDir, 'worktrees', fileName(slot));
}

export function trialLogOf(runDir: string, slot: string): string {
  return join(runDir, `trial-${fileName(slot)}.log`);
}

/** Where agents may leave files of their own. */
export function scratchDirOf(runDir: string): string {
  return join(runDir, 'agent');
}
