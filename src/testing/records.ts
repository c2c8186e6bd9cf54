import { deepFreeze } from '../experiment.ts';
import type { CommittedExperiment, ScoredExperiment, SettledExperiment, Trial } from '../experiment.ts';
import type { Audit, RunView, Summary } from '../plugin.ts';

const COMMIT = '1111111111111111111111111111111111111111';
const PARENT = '0000000000000000000000000000000000000000';
const STARTED = '2026-01-01T00:00:00.000Z';
const SETTLED = '2026-01-01T00:01:00.000Z';

/** A measured trial, frozen; the fields given replace the defaults. */
export function makeTrial(partial: Partial<Trial> = {}): Trial {
  return deepFreeze({
    index: 0,
    state: 'measured',
    seed: 1,
    slot: 'default',
    commit: COMMIT,
    startedAt: STARTED,
    exit: 'completed',
    exitCode: 0,
    signal: null,
    seconds: 60,
    peakMemoryMb: 512,
    metrics: { score: 1 },
    ...partial,
  });
}

type ByState = { committed: CommittedExperiment; scored: ScoredExperiment; settled: SettledExperiment };

/** A settled experiment that was kept, frozen; `state: 'scored'` or `'committed'` gives an earlier one. */
export function makeExperiment<S extends keyof ByState = 'settled'>(
  partial: Partial<ByState[S]> & { readonly state?: S } = {},
): ByState[S] {
  const committed = {
    v: 1,
    run: 'test',
    id: 1,
    kind: 'change',
    basis: { incumbent: 0, commit: partial.parent ?? PARENT },
    state: partial.state ?? 'settled',
    startedAt: STARTED,
    parent: PARENT,
    proposal: {
      title: 'LR 0.1 → 0.2',
      hypothesis: 'A larger LR reaches a better score in the same time.',
      rationale: 'The loss still falls at the end of the run.',
      risks: ['Training may diverge.'],
      agent: 'test',
      source: 'schema',
      params: { LR: 0.2 },
    },
    candidate: COMMIT,
    changes: [{ path: 'train.py', kind: 'modified' }],
    diff: { files: 1, added: 1, removed: 1 },
    trials: [makeTrial()],
    metrics: { score: 1 },
    score: null,
    judgements: [],
  };
  const scored = { ...committed, score: { value: 1, spread: 0, n: 1 } };
  const settled = {
    ...scored,
    verdict: 'keep',
    reason: { code: 'BETTER', text: 'The score is better.' },
    delta: null,
    incumbent: null,
    settledAt: SETTLED,
    seconds: 60,
  };
  const defaults = { committed, scored, settled }[partial.state ?? 'settled'];
  return deepFreeze({ ...defaults, ...partial }) as unknown as ByState[S];
}

/** One line of a run's history, frozen; the fields given replace the defaults. */
export function makeSummary(partial: Partial<Summary> = {}): Summary {
  return deepFreeze({
    id: 1,
    kind: 'change',
    basis: null,
    incumbent: null,
    verdict: 'discard',
    reason: { code: 'NOT_BETTER', text: 'The score is not better.' },
    title: 'LR 0.1 → 0.2',
    agent: 'test',
    score: 1.1,
    delta: 0.1,
    parent: PARENT,
    candidate: COMMIT,
    seconds: 60,
    metrics: { score: 1.1 },
    ...partial,
  });
}

/** A run whose baseline is also its incumbent, with an empty history, frozen. */
export function makeRunView(partial: Partial<RunView> = {}): RunView {
  const baseline = makeExperiment({
    id: 0,
    kind: 'baseline',
    basis: { incumbent: null, commit: PARENT },
    candidate: PARENT,
    parent: PARENT,
    changes: [],
    diff: null,
  });
  return deepFreeze({
    name: 'test',
    seed: 1,
    objective: { label: 'score', direction: 'minimize' },
    baseline,
    incumbent: baseline,
    anchor: baseline,
    noise: null,
    audits: [],
    history: [],
    pending: [],
    counts: { keep: 0, discard: 0, crash: 0, review: 0 },
    sinceKeep: 0,
    crashesInARow: 0,
    emptyInARow: 0,
    seconds: 0,
    usd: 0,
    budget: {},
    ...partial,
  });
}

/** An audit that confirms a gain, frozen; the fields given replace the defaults. */
export function makeAudit(partial: Partial<Audit> = {}): Audit {
  return deepFreeze({
    at: SETTLED,
    occasion: 'end',
    final: { id: 1, commit: COMMIT },
    anchor: { id: 0, commit: PARENT },
    trials: { final: [makeTrial({ metrics: { score: 0.9 } })], anchor: [makeTrial({ commit: PARENT })] },
    claim: { value: -0.1, low: -0.15, high: -0.05, df: 2, shown: 'gain' },
    raw: -0.12,
    failures: [],
    rolledBack: false,
    text: 'audited gain 0.1000 (95% 0.0500 to 0.1500)',
    ...partial,
  });
}
