import { posix } from 'node:path';
import type { SettledExperiment } from '../experiment.ts';
import type { Git } from '../git/git.ts';
import { readRecords, type RunRecord } from '../ledger/read.ts';
import { isExperiment } from '../ledger/records.ts';
import type { ReviewRecord } from '../ledger/review-records.ts';
import { reviewQueueOf, type Reviewable } from './queue.ts';

/** An approved change, with all contents of its commit message. */
export interface Approved {
  readonly item: Reviewable;
  readonly experiment: SettledExperiment;
  readonly candidate: string;
  readonly review: ReviewRecord;
  /** Ledger entries of the experiment and of the decision. */
  readonly entry: string;
  readonly reviewEntry: string;
  /** Paths it changes, from the repository's top. */
  readonly paths: readonly string[];
  /** Kept changes below it, nearest first: what it was measured on. */
  readonly madeOn: readonly KeptBelow[];
}

export interface KeptBelow {
  readonly id: number;
  readonly paths: readonly string[];
}

/** The approved changes in build order: first keeps that were not rolled back, in their order, then the rest. */
export async function readApproved(git: Git, record: RunRecord): Promise<Approved[]> {
  const { summaries, sessions, sessionCommits, commits, opening } = record;
  const items = reviewQueueOf(record).filter(({ standing }) => standing === 'approved');
  if (items.length === 0) return [];
  const below = (id: number): number[] => {
    const ids: number[] = [];
    for (let at = summaries.find((row) => row.id === id); at !== undefined;) {
      const { parent } = at;
      const next = summaries.find((row) => row.verdict === 'keep' && row.candidate === parent && row.candidate !== row.parent);
      if (next === undefined) break;
      ids.push(next.id);
      at = next;
    }
    return ids;
  };
  const chains = new Map(items.map(({ row }) => [row.id, below(row.id)]));
  const wanted = [...new Set([...chains.keys(), ...[...chains.values()].flat()])];
  const experiments = (
    await readRecords(
      git,
      wanted.map((id) => commits.get(id) ?? ''),
    )
  ).filter(isExperiment);
  const byId = new Map(experiments.map((experiment) => [experiment.id, experiment]));
  const pathsOf = (id: number) => (byId.get(id)?.changes ?? []).map(({ path }) => posix.join(opening.projectPrefix, path));
  return items
    .toSorted((a, b) => Number(!stands(a)) - Number(!stands(b)) || a.row.id - b.row.id)
    .flatMap((item) => {
      const { id, candidate } = item.row;
      const [experiment, review] = [byId.get(id), item.reviews.at(-1)];
      if (experiment === undefined || review === undefined || candidate === null) return [];
      const reviewEntry = sessionCommits[sessions.indexOf(review)] ?? '';
      const madeOn = (chains.get(id) ?? []).map((kept) => ({ id: kept, paths: pathsOf(kept) }));
      return [{ item, experiment, candidate, review, entry: commits.get(id) ?? '', reviewEntry, paths: pathsOf(id), madeOn }];
    });
}

function stands({ isParked, isRolledBack }: Reviewable): boolean {
  return !isParked && !isRolledBack;
}
