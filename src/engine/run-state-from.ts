import type { SettledExperiment } from '../experiment.ts';
import type { Git } from '../git/git.ts';
import { readRecords, type RunRecord } from '../ledger/read.ts';
import { isExperiment } from '../ledger/records.ts';
import type { RunState } from './run-state.ts';

/** Brings a fresh state to where the ledger says the run is. Only two records are read whole. */
export async function foldLedger(state: RunState, git: Git, record: RunRecord): Promise<void> {
  for (const summary of record.summaries) state.fold(summary);
  const kept = record.summaries.filter((summary) => summary.verdict === 'keep');
  const read = async (id: number | undefined): Promise<SettledExperiment | null> => {
    const commit = id === undefined ? undefined : record.commits.get(id);
    if (commit === undefined) return null;
    const [found] = await readRecords(git, [commit]);
    return found && isExperiment(found) ? found : null;
  };
  state.baseline = await read(kept[0]?.id);
  state.incumbent = await read(kept.at(-1)?.id);
}
