import type { SettledExperiment } from '../experiment.ts';
import type { Git } from '../git/git.ts';
import type { LedgerView } from '../contract/run-view.ts';
import { readSummary } from './message.ts';
import { readEntries, readRecords } from './read.ts';
import { isExperiment } from './records.ts';

/** Whole records of a run that may go on meanwhile. Looks for new entries only where an experiment is not among those seen. */
export function recordReader(git: Git, run: string, opening: string): LedgerView {
  const commits = new Map<number, string>();
  let seen: string | undefined;

  const follow = async () => {
    for (const { commit, message } of await readEntries(git, run, seen)) {
      const summary = readSummary(message);
      if (summary !== null) commits.set(summary.id, commit);
      seen = commit;
    }
  };

  return Object.freeze({
    id: opening,
    async experiments(ids: readonly number[]): Promise<readonly SettledExperiment[]> {
      if (ids.some((id) => !commits.has(id))) await follow();
      const known = ids.flatMap((id) => commits.get(id) ?? []);
      return (await readRecords(git, known)).filter(isExperiment);
    },
  });
}
