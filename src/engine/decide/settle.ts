import { deepFreeze, type Basis, type SettledExperiment } from '../../experiment.ts';
import { verdict } from '../../events/of-records.ts';
import { boundLog } from '../../ledger/ledger.ts';
import { redactAll } from '../../redact.ts';
import type { Engine } from '../engine.ts';
import type { Outcome } from './outcome.ts';

/** The commit the next change is made on: the incumbent, else where the run started. */
export function tipOf({ state, base }: Pick<Engine, 'state' | 'base'>): string {
  return state.incumbent?.candidate ?? base;
}

/** What the next experiment is made on. */
export function basisOf(engine: Pick<Engine, 'state' | 'base'>): Basis {
  return { incumbent: engine.state.incumbent?.id ?? null, commit: tipOf(engine) };
}

/** Writes the verdict to the ledger, moves the branch on a keep, and readies the worktree for the next one. */
export async function settle(engine: Engine, outcome: Outcome): Promise<SettledExperiment> {
  const { state, ledger, wal, worktree, objects, slot, emit } = engine;
  const settled = settledOf(engine, outcome);
  const keep = settled.verdict === 'keep';
  const tip = keep && settled.candidate !== null ? settled.candidate : tipOf(engine);
  const branch = keep && (await engine.mayMoveBranch(tip)) ? tip : undefined;
  // The two touch different things, and a crash between them is repaired when the run is resumed.
  const both = await Promise.allSettled([ledger.append(settled, { log: boundLog(outcome.log ?? ''), branch }), worktree.restore(tip)]);
  // Both finish before the session cleans up.
  for (const one of both) if (one.status === 'rejected') throw one.reason;
  wal.clear();
  state.settle(settled);
  emit(verdict(settled, slot));
  await objects.settled();
  return settled;
}

function settledOf({ state, redact }: Engine, { experiment, verdict, reason, score, judgements }: Outcome): SettledExperiment {
  const { incumbent } = state;
  const settledAt = new Date();
  const before = incumbent?.score
    ? { id: incumbent.id, score: score?.beside?.value ?? score?.seeds?.expected ?? incumbent.score.value }
    : null;
  const undecided = { candidate: null, changes: [], diff: null, trials: [], metrics: {} };
  return deepFreeze({
    ...undecided,
    ...experiment,
    state: 'settled',
    score: score ?? null,
    judgements: redactAll(judgements ?? [], redact),
    verdict,
    reason: redactAll(reason, redact),
    delta: score && before ? score.value - before.score : null,
    incumbent: before,
    settledAt: settledAt.toISOString(),
    seconds: (settledAt.getTime() - Date.parse(experiment.startedAt)) / 1000,
  });
}
