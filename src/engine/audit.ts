import { deepFreeze, type CommittedExperiment, type Judgement, type SettledExperiment, type Trial } from '../experiment.ts';
import { ReasonError, type Audit, type AuditOccasion } from '../plugin.ts';
import type { Engine } from './engine.ts';
import { runTrial } from './trial.ts';

/** Measures the claim of the run again, where a gate asks for it, and follows its finding. */
export async function audit(engine: Engine, at: AuditOccasion['at']): Promise<void> {
  const { state, hooks, ledger, worktree } = engine;
  const { incumbent: final, anchor } = state;
  if (final === null || anchor === null || final.id === anchor.id || !hooks.audit.isUsed()) return;
  const found = await hooks.audit.promise(occasionOf(engine, at, final, anchor), state);
  engine.signal.throwIfAborted();
  if (found === undefined) return;
  const named = { final: nameOf(final), anchor: nameOf(anchor) };
  const record: Audit = deepFreeze({ ...found, at: new Date().toISOString(), occasion: at, ...named });
  await ledger.append({ v: 1, kind: 'audit', after: state.nextId - 1, audit: record });
  state.settleAudit(record);
  const tip = state.incumbent?.candidate ?? engine.base;
  if (record.rolledBack) await engine.rewindBranch(tip);
  await worktree.restore(tip);
  await hooks.audited.promise(record, state);
}

function occasionOf(engine: Engine, at: AuditOccasion['at'], final: SettledExperiment, anchor: SettledExperiment): AuditOccasion {
  const { state, hooks } = engine;
  const committed = (base: SettledExperiment, trials: readonly Trial[]): CommittedExperiment => {
    const { verdict: _verdict, reason: _reason, delta: _delta, incumbent: _incumbent, settledAt: _settledAt, seconds: _seconds, ...rest } = base;
    return deepFreeze({ ...rest, state: 'committed', candidate: base.candidate ?? engine.base, trials, score: null, judgements: [] });
  };
  const of = (commit: string) => (commit === anchor.candidate ? anchor : final);
  return {
    at,
    final,
    anchor,
    keeps: state.history.filter(({ id, verdict }) => verdict === 'keep' && id > anchor.id).length,
    async measure(commit, seed) {
      const { experiment, failure } = await runTrial(engine, committed(of(commit), []), { seed, isHoldout: engine.config.workspace.holdout.length > 0 });
      if (failure) throw new ReasonError(failure.reason.code, `audit of ${commit.slice(0, 7)}: ${failure.reason.text}`);
      const trial = experiment.trials.at(-1);
      if (trial === undefined) throw new ReasonError('NO_TRAINER', 'the audit has no trial');
      return trial;
    },
    async score(trials) {
      const score = await hooks.score.promise(committed(final, trials), state);
      if (score === undefined) throw new ReasonError('NO_OBJECTIVE', 'no objective answered with a score');
      return score;
    },
    async guard(trials, anchorTrials) {
      const score = await hooks.score.promise(committed(final, trials), state);
      if (score === undefined) return [];
      const judgements: Judgement[] = [];
      const scored = deepFreeze({ ...committed(final, trials), state: 'scored' as const, score });
      await hooks.guard.promise(scored, state.withAnchor({ ...anchor, trials: anchorTrials }), { add: (judgement) => void judgements.push(judgement) });
      return judgements;
    },
  };
}

function nameOf({ id, candidate }: SettledExperiment): { id: number; commit: string } {
  return { id, commit: candidate ?? '' };
}
