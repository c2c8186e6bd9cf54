import { deepFreeze, type SettledExperiment, type Trial } from '../../experiment.ts';
import type { Audit, AuditOccasion } from '../../plugin.ts';
import { audited } from '../../events/of-records.ts';
import type { Run } from '../engine.ts';
import type { Slot } from '../slots/desk.ts';
import { RANK } from '../slots/pool.ts';
import { Seat } from '../slots/seat.ts';
import { createMeasurer } from '../measure/measurer.ts';
import { asCommitted } from '../../model/experiment-states.ts';
import type { RunState } from '../../model/run-state.ts';
import { tipOf } from './settle.ts';

/** Measures the gain of the run again if a gate asks for it, and rolls back if the result demands it. */
export async function audit(run: Run, seat: Seat, at: AuditOccasion['at']): Promise<void> {
  const { state, hooks, ledger, wal } = run;
  const { incumbent: final, anchor, confirmed } = state;
  if (final === null || anchor === null || confirmed === null || final.id === anchor.id || !hooks.audit.isUsed()) return;
  const slot = await seat.toSlot({ rank: RANK.control });
  const found = await hooks.audit.promise(occasionOf(run, slot, { at, final, anchor, confirmed }), state.view);
  run.signal.throwIfAborted();
  if (found === undefined) return;
  const back = found.rolledBack ? { back: nameOf(confirmed) } : {};
  const record: Audit = { ...found, at: new Date().toISOString(), occasion: at, final: nameOf(final), anchor: nameOf(anchor), ...back };
  await ledger.append({ v: 1, kind: 'audit', after: lastOf(state), audit: record });
  wal.measurements.clear();
  state.settleAudit(deepFreeze(withoutItems(record)));
  run.emit(audited(record));
  if (record.rolledBack) await run.rewindBranch(tipOf(run));
  await slot.restore(tipOf(run));
  await hooks.audited.promise(record, state.view);
}

/** Makes up for an audit that was due when an earlier session ended. */
export async function auditLeftOut(run: Run): Promise<void> {
  const { history, incumbent, audits } = run.state;
  const last = history.at(-1);
  if (last === undefined || last.id !== incumbent?.id || audits.some(({ final }) => final.id === last.id)) return;
  await auditApart(run, 'keeps');
}

export function auditAtEnd(run: Run): Promise<void> {
  return auditApart(run, 'end');
}

/** While nothing else is in flight. */
async function auditApart(run: Run, at: AuditOccasion['at']): Promise<void> {
  const seat = new Seat(run.workplaces, run.signal);
  try {
    await audit(run, seat, at);
  } finally {
    seat.leave();
  }
}

type Parties = Pick<AuditOccasion, 'at' | 'final' | 'anchor' | 'confirmed'>;

function occasionOf(run: Run, slot: Slot, parties: Parties): AuditOccasion {
  const { state, wal, quiet, base } = run;
  const { final, anchor } = parties;
  const measurer = createMeasurer({
    engine: { ...run, slot },
    experimentOf: (commit) => asCommitted(commit === anchor.candidate ? anchor : final, base),
    // A session that resumes the audit finds its trials by this name.
    kept: { file: wal.measurements, purpose: `audit of #${final.id} after #${lastOf(state)}` },
    async around(trial) {
      try {
        return await quiet.beside(trial);
      } finally {
        // Removes the held-out data from the worktree again.
        await slot.restore(tipOf(run));
      }
    },
  });
  return { ...parties, keeps: keepsSince(state, state.audits.at(-1)?.final.id ?? anchor.id), ...measurer };
}

function keepsSince({ history }: RunState, id: number): number {
  const first = history.findLastIndex((summary) => summary.id === id) + 1;
  return history.slice(first).filter(({ verdict }) => verdict === 'keep').length;
}

/** Without items, as it would be after a resume: items are kept beside the record. */
function withoutItems(record: Audit): Audit {
  const bare = (trials: readonly Trial[]) => trials.map(({ items: _items, ...trial }) => trial);
  return { ...record, trials: { final: bare(record.trials.final), anchor: bare(record.trials.anchor) } };
}

/** The experiment that was settled last. */
function lastOf({ history }: RunState): number {
  return history.at(-1)?.id ?? -1;
}

function nameOf({ id, candidate }: SettledExperiment): { id: number; commit: string } {
  return { id, commit: candidate ?? '' };
}
