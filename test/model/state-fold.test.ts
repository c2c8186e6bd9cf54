/** The state of a run, part by part, without a ledger; run-state.test.ts has it with one. */
import { describe, expect, it } from 'vitest';
import { RunState } from '../../src/model/run-state.ts';
import type { Pending, Summary } from '../../src/plugin.ts';
import { makeAudit, makeExperiment, makeSummary, makeTrial } from '../../src/testing.ts';

const objective = { label: 'loss', direction: 'minimize' } as const;
const fresh = (more = {}) => new RunState({ name: 'night', seed: 7, objective, budget: { experiments: 9 }, ...more });
const commit = (id: number) => String(id).repeat(40);
const kept = (id: number, more = {}) =>
  makeExperiment({
    id,
    kind: id === 0 ? 'baseline' : 'change',
    candidate: commit(id),
    score: { value: 10 - id, spread: 0, n: 1 },
    ...more,
  });
const named = (id: number) => ({ id, commit: commit(id) });
const landmarks = ({ baseline, incumbent, anchor, confirmed }: RunState) =>
  [baseline, incumbent, anchor, confirmed].map((each) => each?.id);

function night(...ids: number[]): RunState {
  const state = fresh();
  for (const id of ids) state.settle(kept(id));
  return state;
}

describe('a new run', () => {
  it('knows what it was given, and nothing else', () => {
    expect(fresh().view).toEqual({
      name: 'night',
      seed: 7,
      objective,
      budget: { experiments: 9 },
      rules: 1,
      guards: [],
      baseline: null,
      incumbent: null,
      anchor: null,
      history: [],
      pending: [],
      counts: { keep: 0, discard: 0, crash: 0, review: 0 },
      audits: [],
      noise: null,
      seeds: null,
      sinceKeep: 0,
      crashesInARow: 0,
      emptyInARow: 0,
      seconds: 0,
      slotSeconds: 0,
      usd: 0,
    });
    const { name, seed, rules, seedChoice, view } = fresh({ rules: 2, guards: ['latency'], seedChoice: 'fresh', sigma: 0.5 });
    expect([name, seed, rules, seedChoice]).toEqual(['night', 7, 2, 'fresh']);
    expect(view).toMatchObject({ rules: 2, guards: ['latency'], noise: { sigma: 0.5, df: 0, source: 'config' } });
    expect(fresh().seedChoice).toBe('auto');
  });

  it('does not change when what it was given changes', () => {
    const budget = { experiments: 9 };
    const state = fresh({ budget });
    budget.experiments = 1000;
    expect(state.view.budget).toEqual({ experiments: 9 });
  });
});

describe('the landmarks', () => {
  it('are set by the first keep, and only the incumbent by later ones', () => {
    expect(landmarks(night(0))).toEqual([0, 0, 0, 0]);
    expect(landmarks(night(0, 1, 2))).toEqual([0, 2, 0, 0]);
    const state = night(0);
    state.settle(kept(1, { verdict: 'discard' }));
    expect(landmarks(state)).toEqual([0, 0, 0, 0]);
  });

  it('are measured anew by a control that drifts, those with its commit', () => {
    const state = night(0, 1);
    const drift = { verdict: 'discard', kind: 'control', reason: { code: 'DRIFT', text: '' }, score: { value: 50, spread: 0, n: 3 } };
    const measured = { ...drift, trials: [makeTrial({ seed: 99 })], metrics: { score: 50 } };
    state.settle(kept(2, { ...measured, candidate: commit(1) }));
    expect(state.incumbent).toMatchObject({ id: 1, score: { value: 50 }, metrics: { score: 50 }, trials: [{ seed: 99 }] });
    expect([state.anchor?.score?.value, state.confirmed?.score?.value, state.baseline?.score?.value]).toEqual([10, 10, 10]);
    const first = night(0);
    first.settle(kept(1, { ...measured, candidate: commit(0) }));
    expect([first.incumbent, first.anchor, first.confirmed, first.baseline].map((each) => each?.score?.value)).toEqual([50, 50, 50, 10]);
    const calm = night(0);
    calm.settle(kept(1, { ...measured, candidate: commit(0), reason: { code: 'CONTROL', text: '' } }));
    expect(calm.incumbent?.score?.value).toBe(10);
  });

  it('follow audits: a confirmed one is where the next rollback goes', () => {
    const state = night(0, 1);
    const trials = { final: [makeTrial({ seconds: 3 })], anchor: [makeTrial({ seconds: 4 })] };
    state.settleAudit(makeAudit({ rolledBack: false, final: named(1), anchor: named(0), trials }));
    expect(landmarks(state)).toEqual([0, 1, 0, 1]);
    state.settle(kept(2));
    state.settleAudit(makeAudit({ rolledBack: true, final: named(2), anchor: named(0), back: named(1), trials }));
    expect(landmarks(state)).toEqual([0, 1, 0, 1]);
    expect(state.audits).toHaveLength(2);
    // Two audits of seven seconds, besides three experiments.
    const without = night(0, 1, 2).view;
    expect([state.view.seconds, state.view.slotSeconds]).toEqual([without.seconds + 14, (without.slotSeconds ?? NaN) + 14]);
  });

  it('are not confirmed by an audit that failed', () => {
    const state = night(0, 1);
    state.settleAudit(makeAudit({ rolledBack: false, failures: ['a guard'], final: named(1), anchor: named(0) }));
    expect(landmarks(state)).toEqual([0, 1, 0, 0]);
  });

  it('ask for a control at once where a rollback goes back over a drift, unless the drift was of that commit', () => {
    const drift = (id: number, of: number) =>
      makeSummary({ id, kind: 'control', reason: { code: 'DRIFT', text: '' }, candidate: commit(of) });
    const rollback = makeAudit({ rolledBack: true, final: named(1), anchor: named(0) });
    const since = (...between: Summary[]) => {
      const state = night(0);
      for (const summary of between) state.fold(summary);
      state.settle(kept(8));
      state.settleAudit(rollback);
      return state.sinceControl;
    };
    expect(since(drift(1, 5))).toBe(Infinity);
    expect(since(drift(1, 0))).toBe(1);
    expect(since()).toBe(2);
    const before = fresh();
    before.fold(drift(5, 5));
    before.settle(kept(0));
    before.settle(kept(1));
    before.settleAudit(rollback);
    expect(before.sinceControl).toBe(2);
  });

  it('can be shown with another measurement of the anchor', () => {
    const state = night(0, 1);
    const other = kept(0, { metrics: { score: 77 } });
    expect(state.withAnchor(other)).toMatchObject({
      anchor: { metrics: { score: 77 } },
      baseline: { metrics: { score: 77 } },
      incumbent: { id: 1 },
    });
    expect(state.anchor?.metrics).toEqual({ score: 1 });
    const later = kept(1, { metrics: { score: 77 } });
    expect(state.withAnchor(later)).toMatchObject({ anchor: { id: 1 }, baseline: { id: 0, metrics: { score: 1 } } });
  });
});

describe('what is in flight', () => {
  const pending = (id: number): Pending => ({
    id,
    kind: 'change',
    stage: 'proposing',
    title: '',
    agent: '',
    basis: { incumbent: null, commit: 'c' },
    usd: 0,
  });

  it('shows in the view from its beginning to its end', () => {
    const state = night(0);
    const before = state.view;
    state.begin(pending(1));
    state.begin(pending(2));
    expect([before.pending.length, state.view.pending.map(({ id }) => id), state.nextId]).toEqual([0, [1, 2], 3]);
    state.settle(kept(2));
    expect([state.view.pending.map(({ id }) => id), state.openIds, state.nextId]).toEqual([[1], [1], 3]);
    state.drop(1);
    expect([state.view.pending, state.openIds]).toEqual([[], [1]]);
  });
});

describe('the fold', () => {
  it('knows changes that have a score by their key', () => {
    const state = fresh();
    state.fold(makeSummary({ id: 1, key: 'a' }));
    state.fold(makeSummary({ id: 2, key: 'b', score: null }));
    state.fold(makeSummary({ id: 3 }));
    expect([...state.measured].map(([key, { id }]) => [key, id])).toEqual([['a', 1]]);
  });

  it('keeps the last record of seeds', () => {
    const state = fresh();
    const seeds = { rule: 'fresh', independent: 3, squares: 1, df: 2 } as NonNullable<Summary['seeds']>;
    state.fold(makeSummary({ id: 1, seeds }));
    state.fold(makeSummary({ id: 2 }));
    expect([state.seeds, state.view.seeds]).toEqual([seeds, seeds]);
  });

  it('counts dollars of proposals that never came, and forgives failures in a row', () => {
    const state = night(0);
    for (const id of [1, 2, 3]) state.fold(makeSummary({ id, verdict: 'crash', reason: { code: 'NO_CHANGE', text: '' }, usd: 1 }));
    expect(state.view).toMatchObject({ usd: 3, sinceKeep: 3, crashesInARow: 3, emptyInARow: 3 });
    state.spend(0.5);
    state.forgive();
    expect(state.view).toMatchObject({ usd: 3.5, sinceKeep: 0, crashesInARow: 0, emptyInARow: 0, counts: { crash: 3 } });
  });

  it('gives one frozen view until something happens', () => {
    const state = night(0);
    const { view } = state;
    expect(state.view).toBe(view);
    expect([Object.isFrozen(view), Object.isFrozen(state.audits), 'ledger' in view]).toEqual([true, true, false]);
    const ledger = { experiment: async () => null } as unknown as Parameters<RunState['openLedger']>[0];
    state.openLedger(ledger);
    expect(state.view).not.toBe(view);
    expect(state.view.ledger).toBe(ledger);
  });
});
