import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  deepFreeze,
  type CommittedExperiment,
  type MoveConflict,
  type MovedFrom,
  type ProposedExperiment,
  type Reason,
} from '../../experiment.ts';
import { mergeChange } from '../../git/pick.ts';
import { commitsBefore } from '../../ledger/records.ts';
import { asProposed } from '../../model/experiment-states.ts';
import { redactAll } from '../../redact.ts';
import type { Outcome } from '../decide/outcome.ts';
import { basisOf, tipOf } from '../decide/settle.ts';
import { keepsSince, takeUp } from '../../model/late-gains.ts';
import type { Run } from '../engine.ts';
import { RANK } from '../slots/pool.ts';
import type { Seat } from '../slots/seat.ts';
import { giveBack } from './give-back.ts';

/** Where the change is now: in the worktree, uncommitted, on the incumbent; or it could not be moved. */
export type Move =
  | { readonly kind: 'moved'; readonly experiment: ProposedExperiment }
  | { readonly kind: 'stays'; readonly conflict: MoveConflict; readonly proposal: ProposedExperiment['proposal'] }
  | { readonly kind: 'tampered'; readonly experiment: ProposedExperiment; readonly reason: Reason };

/** Is a candidate that has a slot to be moved before its trial, because its basis is no longer the incumbent? */
export function isToBeMoved(run: Run, { kind, parent, trials, basis }: CommittedExperiment): boolean {
  if (kind !== 'change' || trials.length > 0 || parent === tipOf(run)) return false;
  return takeUp(keepsSince(run.state.history, basis.incumbent), run.late.survival(run.state.view)) === 'move';
}

/** Moves a change onto the incumbent by a three-way merge. Where git cannot, its agent is asked to, once for each experiment. */
export async function move(run: Run, seat: Seat, started: ProposedExperiment, from: MovedFrom): Promise<Move> {
  const basis = basisOf(run);
  const moved = [...(started.moved ?? []), from];
  const onTip: ProposedExperiment = { ...started, basis, parent: basis.commit, moved };
  await run.objects.pin(started.id, commitsBefore(onTip));
  const merge = async ({ isMarked }: { readonly isMarked: boolean }): Promise<readonly string[] | null> => {
    const { place } = seat;
    await place.restore(basis.commit);
    place.holds = null;
    const quick = await place.worktree.mergeQuickly(from);
    if (quick?.length === 0) return null;
    // Git writes its markers into the files, for an agent to see.
    return quick !== null && !isMarked ? quick : mergeChange(place.worktree, from);
  };
  const paths = await merge({ isMarked: false });
  if (paths === null) return { kind: 'moved', experiment: deepFreeze(onTip) };
  const conflict: MoveConflict = { onto: basis.commit, paths };
  const stays = { kind: 'stays', conflict: started.conflict ?? conflict, proposal: started.proposal } as const;
  // What another node has found is nothing that an agent here knows of.
  if (started.conflict !== undefined || started.origin !== undefined || paths.length === 0) return stays;
  const { agent, title } = started.proposal;
  if (!run.mends(agent)) return stays;
  const desk = await seat.toDesk({ isAhead: run.plan().lookahead > 0, rank: RANK.measure });
  const reason = { code: 'CONFLICT', text: `git cannot merge ${paths.join(', ')}` };
  const fix = { agent, candidate: from.candidate, title, reason, log: '', round: 1, conflicts: paths };
  const { proposal, tampered, report } = await giveBack(run, onTip, {
    desk,
    fix,
    prepare: async () => void (await merge({ isMarked: true })),
  });
  const asked = { ...onTip, proposal };
  if (tampered) return { kind: 'tampered', experiment: deepFreeze(asked), reason: tampered };
  if (report === null || paths.some((path) => hasMarkers(join(desk.worktree.dir, path)))) return { ...stays, proposal };
  const experiment = deepFreeze({ ...asked, conflict: { ...conflict, ...redactAll({ fix: report.title }, run.redact) } });
  run.wal.write(experiment, desk.name);
  return { kind: 'moved', experiment };
}

/** A candidate that has a slot, moved onto the incumbent and without a commit; or the candidate as it is, which its slot may have left. */
export async function moveCandidate(
  run: Run,
  seat: Seat,
  candidate: CommittedExperiment,
): Promise<ProposedExperiment | CommittedExperiment | Outcome> {
  const result = await move(run, seat, asProposed(candidate), { candidate: candidate.candidate, parent: candidate.parent });
  if (result.kind === 'moved') return result.experiment;
  if (result.kind === 'tampered') return { experiment: result.experiment, verdict: 'discard', reason: result.reason };
  const { conflict, proposal } = result;
  const stays = deepFreeze({ ...candidate, conflict, proposal });
  // So that its agent is not asked again after a kill.
  if (candidate.conflict === undefined) run.wal.write(stays, seat.place.name);
  return stays;
}

/** Did its agent leave a conflict in it? */
function hasMarkers(file: string): boolean {
  try {
    return /^<{7} /m.test(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}
