import { hasHoldout } from '../../config/splits.ts';
import { deepFreeze, type CommittedExperiment, type SettledExperiment, type Trial } from '../../experiment.ts';
import type { Audit, AuditOccasion } from '../../plugin.ts';
import { audited } from '../../events/of-records.ts';
import type { Engine } from '../engine.ts';
import { guard } from '../measure/guard.ts';
import { meanMetrics } from '../measure/measurements.ts';
import type { RunState } from '../../model/run-state.ts';
import { scoreOf } from './score.ts';
import { tipOf } from './settle.ts';
import { reasoned, trialOrReason } from '../measure/trial-or-reason.ts';

/** Measures the gain of the run again if a gate asks for it, and rolls back if the result demands it. */
export async function audit(engine: Engine, at: AuditOccasion['at']): Promise<void> {
  const { state, hooks, ledger, worktree, wal } = engine;
  const { incumbent: final, anchor, confirmed } = state;
  if (final === null || anchor === null || confirmed === null || final.id === anchor.id || !hooks.audit.isUsed()) return;
  const found = await hooks.audit.promise(occasionOf(engine, { at, final, anchor, confirmed }), state.view);
  engine.signal.throwIfAborted();
  if (found === undefined) return;
  const back = found.rolledBack ? { back: nameOf(confirmed) } : {};
  const record: Audit = { ...found, at: new Date().toISOString(), occasion: at, final: nameOf(final), anchor: nameOf(anchor), ...back };
  await ledger.append({ v: 1, kind: 'audit', after: state.nextId - 1, audit: record });
  wal.clear();
  state.settleAudit(deepFreeze(withoutItems(record)));
  engine.emit(audited(record));
  if (record.rolledBack) await engine.rewindBranch(tipOf(engine));
  await worktree.restore(tipOf(engine));
  await hooks.audited.promise(record, state.view);
}

/** Makes up for an audit that was due when an earlier session ended. */
export async function auditLeftOut(engine: Engine): Promise<void> {
  const { history, incumbent, audits } = engine.state;
  const last = history.at(-1);
  if (last === undefined || last.id !== incumbent?.id || audits.some(({ final }) => final.id === last.id)) return;
  await audit(engine, 'keeps');
}

type Parties = Pick<AuditOccasion, 'at' | 'final' | 'anchor' | 'confirmed'>;

function occasionOf(engine: Engine, parties: Parties): AuditOccasion {
  const { state } = engine;
  const { final, anchor } = parties;
  // A session that goes on with it finds its trials by this name.
  const name = `audit of #${final.id} after #${state.nextId - 1}`;
  return {
    ...parties,
    keeps: keepsSince(state, state.audits.at(-1)?.final.id ?? anchor.id),
    measure: (commit, seed) => engine.wal.trial(name, { commit, seed }, () => measureOnce(engine, parties, { commit, seed })),
    score: (trials) => reasoned(engine.signal, () => scoreOf(engine.hooks, subjectOf(final, engine, trials), state.view)),
    guard: (trials, anchorTrials) =>
      reasoned(engine.signal, () =>
        guard(
          engine.hooks,
          subjectOf(final, engine, trials),
          state.withAnchor(deepFreeze({ ...anchor, trials: anchorTrials, metrics: meanMetrics(anchorTrials) })),
        ),
      ),
  };
}

async function measureOnce(
  engine: Engine,
  { final, anchor }: Parties,
  { commit, seed }: { readonly commit: string; readonly seed: number },
): Promise<Trial> {
  const isHoldout = hasHoldout(engine.config);
  try {
    const subject = subjectOf(commit === anchor.candidate ? anchor : final, engine, []);
    return await trialOrReason(engine, subject, { seed, isHoldout });
  } finally {
    // Removes the held-out data from the worktree again.
    await engine.worktree.restore(tipOf(engine));
  }
}

/** A kept experiment as it was before it had trials, or with others. */
export function subjectOf(kept: SettledExperiment, { base }: Pick<Engine, 'base'>, trials: readonly Trial[]): CommittedExperiment {
  const {
    verdict: _verdict,
    reason: _reason,
    delta: _delta,
    incumbent: _incumbent,
    settledAt: _settledAt,
    seconds: _seconds,
    beside: _beside,
    ...rest
  } = kept;
  return deepFreeze({
    ...rest,
    state: 'committed',
    candidate: kept.candidate ?? base,
    trials,
    metrics: meanMetrics(trials),
    score: null,
    judgements: [],
  });
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

function nameOf({ id, candidate }: SettledExperiment): { id: number; commit: string } {
  return { id, commit: candidate ?? '' };
}
