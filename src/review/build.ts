import { join } from 'node:path';
import { pick } from '../git/pick.ts';
import { Worktree } from '../git/worktree.ts';
import type { LeftOut, PromotedChange } from '../ledger/review-records.ts';
import type { Approved } from './approved.ts';
import { promotedMessage } from './commit-message.ts';
import type { StoppedRun } from './stopped-run.ts';

export interface Built {
  readonly commit: string;
  readonly changes: readonly PromotedChange[];
  readonly leftOut: readonly LeftOut[];
}

/** Puts approved changes one by one onto a commit, in a worktree of its own; what does not merge is left out, and said. */
export async function build({ repository, runDir, record }: StoppedRun, onto: string, approved: readonly Approved[]): Promise<Built> {
  const worktree = await Worktree.open(repository, join(runDir, 'worktrees', 'promote'), onto, {
    links: [],
    auditLinks: [],
    outputs: [],
    isMounted: false,
  });
  const changes: PromotedChange[] = [];
  const leftOut: LeftOut[] = [];
  let commit = onto;
  try {
    for (const change of approved) {
      await worktree.restore(commit);
      const { candidate, reviewEntry: review } = change;
      const experiment = change.experiment.id;
      const without = missing(change, changes);
      const picked = await pick(worktree, change.experiment.measured ?? candidate, promotedMessage(change, record.opening, without));
      if (picked.kind === 'picked') {
        commit = picked.commit;
        changes.push({ experiment, candidate, commit, review });
      } else if (picked.kind === 'empty') {
        const text = `#${experiment} is there already: it changes nothing on this branch`;
        leftOut.push({ experiment, candidate, why: 'already there', paths: [], conflictsWith: [], needs: [], text });
      } else leftOut.push(conflictOf(change, picked.paths, approved, changes));
    }
  } finally {
    await worktree.remove();
  }
  return { commit, changes, leftOut };
}

/** Kept changes that it was measured on and that are not on the branch. */
export function missing({ madeOn }: Pick<Approved, 'madeOn'>, changes: readonly Pick<PromotedChange, 'experiment'>[]): number[] {
  const there = new Set(changes.map(({ experiment }) => experiment));
  return madeOn.map(({ id }) => id).filter((id) => !there.has(id));
}

function conflictOf(
  change: Approved,
  paths: readonly string[],
  approved: readonly Approved[],
  changes: readonly PromotedChange[],
): LeftOut {
  const { candidate, madeOn } = change;
  const experiment = change.experiment.id;
  const touches = (others: readonly string[]) => others.some((path) => paths.includes(path));
  const below = new Set(madeOn.map(({ id }) => id));
  const there = new Set(changes.map((promoted) => promoted.experiment));
  const conflictsWith = approved
    .filter((other) => there.has(other.experiment.id) && !below.has(other.experiment.id) && touches(other.paths))
    .map((other) => other.experiment.id);
  const needs = madeOn.filter(({ id, paths: others }) => !there.has(id) && touches(others)).map(({ id }) => id);
  const named = (ids: readonly number[]) => ids.map((id) => `#${id}`).join(', ');
  const causes = [
    ...(conflictsWith.length > 0 ? [`conflicts with ${named(conflictsWith)}`] : []),
    ...(needs.length > 0 ? [`was made on ${named(needs)}, which ${needs.length === 1 ? 'is' : 'are'} not on the branch`] : []),
  ];
  const text = `#${experiment} ${causes.join(' and ') || 'conflicts with what it is put onto'}, in ${paths.join(', ') || 'a way git does not name'}`;
  return { experiment, candidate, why: 'conflict', paths, conflictsWith, needs, text };
}
