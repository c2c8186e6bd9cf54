import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RunState } from '../../src/model/run-state.ts';
import type { Judgement, SettledExperiment } from '../../src/experiment.ts';
import type { AnyDefinition, Audit, Gate, GateResult, RunView, ScoredExperiment } from '../../src/plugin.ts';
import minDelta from '../../plugins/gates/min-delta/index.ts';
import posterior from '../../plugins/gates/posterior/index.ts';
import { makeContext, makeExperiment, makeTrial, type Options } from '../../src/testing.ts';
import { createFrom } from '../../src/testing/options.ts';

/** What may happen to a candidate, whatever a gate has said of it. */
type Event =
  | { readonly kind: 'candidate'; readonly scores: readonly number[]; readonly fate: 'follow' | 'guard' | 'waiver' }
  | { readonly kind: 'control' | 'drift'; readonly scores: readonly number[] }
  | { readonly kind: 'crash' }
  | { readonly kind: 'rollback' };

const score = fc.double({ min: -6, max: 8, noNaN: true });
const scores = fc.array(score, { minLength: 1, maxLength: 3 });
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('candidate' as const),
      scores,
      fate: fc.constantFrom('follow' as const, 'follow' as const, 'guard' as const, 'waiver' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('control' as const, 'drift' as const), scores }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'crash' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'rollback' as const }) },
);

const judge = (gate: Gate, experiment: ScoredExperiment, run: RunView) => gate.judge?.(experiment, run) as GateResult;
const commit = (id: number) => `${id}`.padStart(40, '0');
const startState = (sigma: number | undefined) =>
  new RunState({ name: 'run', seed: 1, objective: { label: 'score', direction: 'minimize' }, budget: {}, sigma });

function scoreOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { value: mean, spread: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)), n: values.length };
}

function scored(id: number, values: readonly number[], { incumbent }: RunState): ScoredExperiment {
  const trials = values.map((value, index) => makeTrial({ index, metrics: { score: value } }));
  return makeExperiment({
    state: 'scored',
    id,
    parent: incumbent?.candidate ?? commit(0),
    candidate: commit(id),
    trials,
    score: scoreOf(values),
  });
}

/** What the ledger holds of an event that a gate has judged. */
function settledOf(happened: Exclude<Event, { kind: 'rollback' }>, gate: Gate, state: RunState): SettledExperiment {
  const id = state.nextId;
  const tip = state.incumbent?.candidate ?? commit(0);
  const facts = { id, parent: tip, candidate: commit(id), delta: null };
  if (happened.kind === 'crash')
    return makeExperiment({ ...facts, verdict: 'crash', reason: { code: 'TRIAL_FAILED', text: '' }, score: null });
  const { state: _state, ...experiment } = scored(id, happened.scores, state);
  if (happened.kind !== 'candidate') {
    const proposal = { ...experiment.proposal, title: 'control', source: 'engine' as const };
    return makeExperiment({
      ...experiment,
      ...facts,
      candidate: tip,
      proposal,
      verdict: 'discard',
      reason: { code: happened.kind.toUpperCase(), text: '' },
    });
  }
  const judgement: Judgement = { gate: 'it', ...judge(gate, scored(id, happened.scores, state), state.view) };
  const kept = happened.fate === 'waiver' || (happened.fate === 'follow' && judgement.outcome === 'pass');
  return makeExperiment({
    ...experiment,
    ...facts,
    judgements: [judgement],
    verdict: kept ? 'keep' : 'discard',
    reason: { code: judgement.code, text: '' },
  });
}

function rollback(state: RunState): Audit {
  const nameOf = (experiment: SettledExperiment | null) => ({ id: experiment?.id ?? 0, commit: experiment?.candidate ?? '' });
  const claim = { value: 0, low: 0, high: 0, df: 4, shown: 'none' } as const;
  const [final, anchor] = [nameOf(state.incumbent), nameOf(state.anchor)];
  return {
    at: '',
    occasion: 'keeps',
    final,
    anchor,
    trials: { final: [], anchor: [] },
    claim,
    raw: 0,
    failures: ['it'],
    rolledBack: true,
    back: nameOf(state.confirmed),
    text: '',
  };
}

const BASELINE = makeExperiment({
  id: 0,
  parent: commit(0),
  candidate: commit(0),
  score: { value: 2, spread: 1, n: 3 },
  reason: { code: 'BASELINE', text: '' },
});

it.each<[AnyDefinition, Options]>([
  [posterior, {}],
  [posterior, { profile: 'progress', learn: false }],
  [posterior, { profile: 'strict', pseudoCounts: 2 }],
  [minDelta, { shrink: 0.6, confirm: 1 }],
])('a gate that is created again in the middle of a run decides as if it had always been there: %o %j', (definition, options) => {
  const create = () => createFrom(definition, options, makeContext()) as Gate;
  fc.assert(
    fc.property(fc.array(event, { maxLength: 25 }), fc.option(fc.constant(1.5), { nil: undefined }), (events, sigma) => {
      const state = startState(sigma);
      state.settle(BASELINE);
      const gate = create();
      for (const happened of events) {
        if (happened.kind === 'rollback') state.settleAudit(rollback(state));
        else state.settle(settledOf(happened, gate, state));
        const probe = scored(1000, [0.5], state);
        // As a resumed run sees it: through JSON, and at once.
        const seen = { ...state.withAnchor(BASELINE), history: JSON.parse(JSON.stringify(state.history)) as typeof state.history };
        expect(judge(create(), probe, seen)).toEqual(judge(gate, probe, state.view));
      }
    }),
    { numRuns: 60 },
  );
});
