import type { SettledExperiment } from '../../experiment.ts';
import type { Git } from '../../git/git.ts';
import { readWithItems, type RunRecord } from '../../ledger/read.ts';
import { confirms, Incumbents } from '../../model/incumbents.ts';
import type { RunState } from '../../model/run-state.ts';

/** Builds the state of a run from its ledger. Reads only few whole records, however many there are. */
export async function foldLedger(state: RunState, git: Git, { summaries, commits, sessions }: RunRecord): Promise<void> {
  const read = async (id: number | undefined): Promise<SettledExperiment | null> => {
    const commit = id === undefined ? undefined : commits.get(id);
    return commit === undefined ? null : readWithItems(git, commit);
  };
  const audits = sessions.filter((session) => session.kind === 'audit');
  const waiting = audits.toReversed();
  const incumbents = new Incumbents();
  for (const summary of summaries) {
    state.fold(summary);
    incumbents.settle(summary);
    for (let next = waiting.at(-1); next?.after === summary.id; next = waiting.at(-1)) {
      state.settleAudit(next.audit);
      incumbents.audit(next.audit);
      waiting.pop();
    }
  }
  for (const session of sessions) if (session.kind === 'stopped') state.spend(session.usage?.usd ?? 0);
  const baseline = await read(summaries.find((summary) => summary.verdict === 'keep')?.id);
  const confirmed = (await read(audits.findLast(({ audit }) => confirms(audit))?.audit.final.id)) ?? baseline;
  state.restore({ baseline, anchor: baseline, confirmed, incumbent: await read(incumbents.current) });
  for (const commit of new Set([state.anchor?.candidate, state.confirmed?.candidate, state.incumbent?.candidate])) {
    const drift = summaries.findLast(({ reason, candidate }) => reason.code === 'DRIFT' && candidate === commit);
    const control = await read(drift?.id);
    if (control) state.rebase(control);
  }
}
