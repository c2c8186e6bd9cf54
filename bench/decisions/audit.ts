import type { AuditOccasion, Objective } from '../../src/plugin.ts';
import type { RunState } from '../../src/model/run-state.ts';
import type { Nature } from './nature.ts';
import type { NamedGate } from './policies.ts';

interface AuditInput {
  readonly state: RunState;
  readonly nature: Pick<Nature, 'trial'>;
  readonly gates: readonly NamedGate[];
  readonly objective: Objective;
}

/** Asks the gates for an audit as the engine does, with trials of this world. */
export async function audit({ state, nature, gates, objective }: AuditInput, at: AuditOccasion['at']): Promise<void> {
  const { incumbent: final, anchor, confirmed, history } = state;
  if (final === null || anchor === null || confirmed === null || final.id === anchor.id) return;
  let index = 0;
  const occasion: AuditOccasion = {
    at,
    final,
    anchor,
    confirmed,
    keeps: history.filter(({ id, verdict }) => verdict === 'keep' && id > anchor.id).length,
    measure: (commit, seed) => Promise.resolve(nature.trial(commit, { index: index++, seed })),
    score: (trials) => Promise.resolve(objective.score(trials, state.view)),
    guard: () => Promise.resolve([]),
  };
  for (const { gate } of gates) {
    const found = await gate.audit?.(occasion, state.view);
    if (found === undefined) continue;
    const named = { final: { id: final.id, commit: final.candidate ?? '' }, anchor: { id: anchor.id, commit: anchor.candidate ?? '' } };
    state.settleAudit({ ...found, at: '2026-01-01T08:00:00.000Z', occasion: at, ...named });
    return;
  }
}
