import type { SettledExperiment } from '../experiment.ts';
import type { Git } from '../git/git.ts';
import { readWithItems, type RunRecord } from '../ledger/read.ts';
import { incumbentAfter } from '../ledger/incumbent.ts';
import type { RunState } from './run-state.ts';

/** Brings a fresh state to where the ledger says the run is. Few records are read whole, however many there are. */
export async function foldLedger(state: RunState, git: Git, record: RunRecord): Promise<void> {
  const { summaries, commits, sessions } = record;
  for (const summary of summaries) state.fold(summary);
  const read = async (id: number | undefined): Promise<SettledExperiment | null> => {
    const commit = id === undefined ? undefined : commits.get(id);
    return commit === undefined ? null : readWithItems(git, commit);
  };
  const audits = sessions.filter((session) => session.kind === 'audit');
  const incumbent = incumbentAfter(summaries, audits);
  const confirmed = audits.findLast(({ audit }) => !audit.rolledBack)?.audit.final.id;
  for (const { audit } of audits) state.settleAudit(audit);
  state.baseline = await read(summaries.find((summary) => summary.verdict === 'keep')?.id);
  state.anchor = (await read(confirmed)) ?? state.baseline;
  state.incumbent = await read(incumbent);
  const drift = summaries.findLast(({ reason }) => reason.code === 'DRIFT');
  const control = drift && drift.id > (incumbent ?? -1) ? await read(drift.id) : null;
  if (control) state.rebase(control);
}
