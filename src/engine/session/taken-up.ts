import { hasCommit } from '../../git/repository.ts';
import { isWorktree } from '../../git/worktree-folder.ts';
import { completeInFlight } from '../../ledger/older-records.ts';
import type { InFlight, Left } from '../../ledger/wal.ts';
import type { Run } from '../engine.ts';
import { secondsBefore } from '../iterate.ts';
import { firstSlot } from '../slots/names.ts';
import { worktreeDirOf } from '../slots/run-paths.ts';
import type { SessionInput } from './session-input.ts';

/** An experiment that a session has left, with the place where it was. */
export interface Found extends Left {
  readonly place: string;
  /** Is its worktree still there, with the edits that may be in it? */
  readonly hasWorktree: boolean;
}

/** To be asked before anything is opened: afterwards all worktrees are there. */
export function withWorktree({ experiment, place: written }: Left, { assembly, repository, runDir }: SessionInput): Found {
  const place = written ?? firstSlot(assembly.config.slots);
  return { experiment, place, hasWorktree: isWorktree(worktreeDirOf(runDir, place), repository.commonDir) };
}

/** The experiments of a session that ended in the middle: measured trials count, an unfinished one does not. What cannot be gone on with is forgotten. */
export async function takenUp(run: Run, left: readonly Found[], input: SessionInput): Promise<Found[]> {
  const again: Found[] = [];
  for (const found of left) {
    const experiment = await goneOnWith(run, found, input);
    if (experiment === null) {
      run.wal.forget(found.experiment.id);
      run.flight.giveBack(found.experiment.id);
    } else {
      run.wal.write(experiment, found.place);
      again.push({ ...found, experiment });
    }
  }
  if (again.length > 0) await run.objects.pinOnly(again.map(({ experiment }) => experiment));
  return again;
}

async function goneOnWith(
  { state, workplaces, base }: Run,
  { experiment: written, place, hasWorktree }: Found,
  { repository }: SessionInput,
): Promise<InFlight | null> {
  const { parent } = written;
  const kept = state.history.findLast(({ verdict, candidate }) => verdict === 'keep' && candidate === parent);
  if (state.incumbent === null ? parent !== base : kept === undefined) return null;
  const experiment = completeInFlight(written, { incumbent: kept?.id ?? null, commit: parent });
  if (experiment.state === 'proposed') {
    const isThere = [...workplaces.slots.all, ...workplaces.desks.all].some(({ name }) => name === place);
    // The proposal's edits are in its worktree, or nowhere.
    return isThere && hasWorktree ? { ...experiment, startedAt: startOf(experiment) } : null;
  }
  // A power cut can take a commit whose line in the write-ahead file it leaves.
  if (!(await hasCommit(repository, experiment.candidate))) return null;
  return { ...experiment, startedAt: startOf(experiment) };
}

/** As if the sessions had followed each other at once. */
function startOf(experiment: InFlight): string {
  return new Date(Date.now() - 1000 * secondsBefore(experiment)).toISOString();
}
