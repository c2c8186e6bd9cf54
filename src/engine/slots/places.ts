/** Where a run's own files are. */
import { join } from 'node:path';

const fileName = (slot: string) => slot.replaceAll(/[^\w-]/g, '-');

export function worktreeDirOf(runDir: string, slot = 'default'): string {
  return join(runDir, 'worktrees', fileName(slot));
}

export function trialLogOf(runDir: string, slot: string): string {
  return join(runDir, `trial-${fileName(slot)}.log`);
}

/** Where the evaluator runs, and what it and the candidate's program it asks have printed. */
export function evaluatorDirOf(runDir: string, slot: string): string {
  return join(runDir, 'worktrees', `evaluate-${fileName(slot)}`);
}

export function evaluationLogOf(runDir: string, slot: string): string {
  return join(runDir, `evaluate-${fileName(slot)}.log`);
}

export function modelLogOf(runDir: string, slot: string): string {
  return join(runDir, `predict-${fileName(slot)}.log`);
}

/** The rows of the user's data, for trials. */
export function dataDirOf(runDir: string): string {
  return join(runDir, 'data');
}

/** Where agents may leave files of their own. */
export function scratchDirOf(runDir: string): string {
  return join(runDir, 'agent');
}
