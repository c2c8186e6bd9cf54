/** Where a run's own files are. `place` is the name of a slot or desk. */
import { join } from 'node:path';

/** The agents' folder of the first slot keeps the name from when a run had one slot only. */
const FIRST = 'default';

const fileName = (place: string) => place.replaceAll(/[^\w-]/g, '-');

export function worktreeDirOf(runDir: string, place = FIRST): string {
  return join(runDir, 'worktrees', fileName(place));
}

export function trialLogOf(runDir: string, slot: string): string {
  return join(runDir, `trial-${fileName(slot)}.log`);
}

/** What is noted of jobs on other machines that may still be there. */
export function jobsDirOf(runDir: string): string {
  return join(runDir, 'jobs');
}

/** For commits that are measured while the run does not work. */
export function measurerDirOf(runDir: string): string {
  return join(runDir, 'worktrees', 'measure');
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

/** The home folders of evaluators that no sandbox gives one. */
export function homesDirOf(runDir: string, slot: string): string {
  return join(runDir, 'homes', fileName(slot));
}

/** The rows of the user's data, for trials. */
export function dataDirOf(runDir: string): string {
  return join(runDir, 'data');
}

/** Where agents may leave files of their own: a folder for each place where they work. */
export function scratchDirOf(runDir: string, place = FIRST): string {
  return join(runDir, place === FIRST ? 'agent' : `agent-${fileName(place)}`);
}
