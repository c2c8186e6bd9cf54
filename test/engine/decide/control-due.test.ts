/** When a control is due, and what one says in a slot that is not the first. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueControl, judgeControl } from '../../../src/engine/decide/control.ts';
import type { Run } from '../../../src/engine/engine.ts';
import { RunState } from '../../../src/model/run-state.ts';
import type { Belief } from '../../../src/plugin.ts';
import { makeExperiment, makeSummary, makeTrial } from '../../../src/testing.ts';

const BASE = 'a'.repeat(40);
const LATER = 'b'.repeat(40);

function stateOf({ rules = 2, sigma = 1 }: { rules?: number; sigma?: number | undefined } = {}): RunState {
  const objective = { label: 'loss', direction: 'minimize' } as const;
  const state = new RunState({ name: 'night', seed: 1, objective, budget: {}, sigma, rules });
  const score = { value: 100, spread: 0, n: 1 };
  state.settle(
    makeExperiment({ id: 0, kind: 'baseline', verdict: 'keep', parent: BASE, candidate: BASE, score, trials: [trialIn('one')] }),
  );
  return state;
}

const trialIn = (slot: string) => makeTrial({ slot });

interface Parts {
  readonly slots?: readonly string[];
  readonly needsNoise?: boolean;
  readonly interleave?: boolean;
  readonly controlEvery?: number;
}

function due(state: RunState, { slots = ['one'], needsNoise = true, interleave = false, controlEvery }: Parts = {}) {
  const config = { noise: { controlEvery }, trainer: { interleave } };
  return dueControl({ config, needsNoise, state, slots, base: BASE, flight: { nextId: state.nextId } } as unknown as Run);
}

/** Trials that go by, of changes, until a control is due. */
function spacingOf(state: RunState, parts?: Parts): number {
  for (let trials = state.sinceControl; trials < 500; trials++) {
    if (due(state, parts) !== null) return state.sinceControl;
    state.fold(makeSummary({ id: state.nextId, n: 1, spread: 0, slot: 'one' }));
  }
  return Infinity;
}

describe('a control is due', () => {
  it('after as many trials as the config says, counted from the last one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (controlEvery) => {
        expect(spacingOf(stateOf(), { controlEvery })).toBe(Math.max(1, controlEvery));
      }),
    );
  });

  it('as often as the rules have it: with every calm control more seldom, up to eight times; often where the machine drifts', () => {
    const control = (code: string) => makeSummary({ kind: 'control', candidate: BASE, reason: { code, text: '' }, slot: 'one' });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('CONTROL', 'DRIFT'), { maxLength: 6 }),
        fc.constantFrom(undefined, 0.11, 0.12, 0.13),
        fc.constantFrom(1, 2),
        (codes, drift, rules) => {
          const state = stateOf({ rules });
          for (const code of codes) state.fold({ ...control(code), id: state.nextId });
          const belief: Belief = { mean: 100, sd: 1, ...(drift !== undefined && { drift }) };
          // The first one says what the machine does; a later belief that says nothing of it does not take that back.
          state.fold(makeSummary({ id: state.nextId, belief, slot: 'one' }));
          state.fold(makeSummary({ id: state.nextId, belief: { mean: 100, sd: 1 }, slot: 'one' }));
          state.fold({ ...control(codes.at(-1) ?? 'CONTROL'), id: state.nextId });
          const all = [...codes, codes.at(-1) ?? 'CONTROL'];
          const calm = all.length - 1 - all.lastIndexOf('DRIFT');
          const expected = rules < 2 ? 20 : (drift ?? 0) > 0.12 ? 12 : 20 * 2 ** Math.min(3, calm);
          expect(spacingOf(state)).toBe(expected);
        },
      ),
    );
  });

  it('never where nothing asks for it: no gate judges against noise, or the incumbent runs beside every candidate', () => {
    expect(spacingOf(stateOf(), { needsNoise: false })).toBe(Infinity);
    expect(spacingOf(stateOf(), { interleave: true })).toBe(Infinity);
    expect(spacingOf(stateOf(), { needsNoise: false, controlEvery: 7 })).toBe(7);
    expect(spacingOf(stateOf(), { interleave: true, controlEvery: 7 })).toBe(7);
  });

  it('only for an incumbent, and with one slot only where the noise is known', () => {
    const empty = new RunState({ name: 'night', seed: 1, objective: { label: 'loss', direction: 'minimize' }, budget: {}, sigma: 1 });
    expect(spacingOf(empty, { controlEvery: 1 })).toBe(Infinity);
    expect(spacingOf(stateOf({ sigma: undefined }), { controlEvery: 3 })).toBe(3);
    const unknown = new RunState({ name: 'night', seed: 1, objective: { label: 'loss', direction: 'minimize' }, budget: {} });
    unknown.settle(makeExperiment({ id: 0, kind: 'baseline', verdict: 'keep', parent: BASE, candidate: BASE }));
    expect(unknown.noise).toBeNull();
    expect(spacingOf(unknown, { controlEvery: 3 })).toBe(Infinity);
  });

  it('as an experiment of the engine that changes nothing, with the next number and on the incumbent', () => {
    const state = stateOf();
    expect(due(state, { controlEvery: 1 })).toEqual({
      experiment: expect.objectContaining({
        id: 1,
        run: 'night',
        kind: 'control',
        state: 'committed',
        basis: { incumbent: 0, commit: BASE },
        parent: BASE,
        candidate: BASE,
        changes: [],
        trials: [],
        proposal: expect.objectContaining({ title: 'control', agent: 'engine', rationale: expect.stringContaining('the incumbent again') }),
      }),
    });
  });

  it('in the slot in which enough trials went by, unless one is on its way there', () => {
    const slots = ['one', 'two'];
    const state = stateOf();
    // The incumbent was never measured in the second slot.
    expect(due(state, { slots, controlEvery: 3 })).toMatchObject({ slot: 'two' });
    state.fold(makeSummary({ id: 1, kind: 'control', slot: 'two', candidate: BASE }));
    expect(due(state, { slots, controlEvery: 3 })).toBeNull();
    state.fold(makeSummary({ id: 2, slot: 'one', n: 2 }));
    state.fold(makeSummary({ id: 3, slot: 'two', n: 2 }));
    expect(due(state, { slots, controlEvery: 3 })).toBeNull();
    state.fold(makeSummary({ id: 4, slot: 'one', n: 1 }));
    expect(due(state, { slots, controlEvery: 3 })).toMatchObject({ slot: 'one' });
    const basis = { incumbent: 0, commit: BASE };
    const pending = { kind: 'control', stage: 'waiting', title: '', agent: '', basis, usd: 0 } as const;
    state.begin({ ...pending, id: 5, slot: 'two' });
    expect(due(state, { slots, controlEvery: 3 })).toMatchObject({ slot: 'one' });
    state.begin({ ...pending, id: 6, slot: 'one' });
    expect(due(state, { slots, controlEvery: 3 })).toBeNull();
  });
});

function judged(state: RunState, value: number, { slot = 'one', trials = 3, shift = 0, n = 3 } = {}) {
  const control = makeExperiment({
    state: 'committed',
    id: state.nextId,
    kind: 'control',
    parent: BASE,
    candidate: BASE,
    trials: Array.from({ length: trials }, (_, index) => ({ ...trialIn(slot), index })),
  });
  const seeds = { rule: 'shared', shift, expected: 0, independent: n, squares: 0, df: 0 } as const;
  const judge = { config: { noise: { driftZ: 3 } }, slots: ['one', 'two'], state };
  const result = judgeControl(judge, control, { value, spread: 0, n, ...(shift !== 0 && { seeds: seeds as never }) });
  return result === 'more' ? 'more' : result.reason.code;
}

describe('a control', () => {
  it('is compared with the incumbent as measured, where no gate believes anything of it', () => {
    // Its own trials and those of the incumbent: 3 sqrt(1/3 + 1/1) = 3.46.
    expect([judged(stateOf(), 103.4), judged(stateOf(), 103.5), judged(stateOf(), 103.5, { trials: 2 })]).toEqual([
      'CONTROL',
      'DRIFT',
      'more',
    ]);
    const three = stateOf();
    three.settle(
      makeExperiment({ id: 1, verdict: 'keep', parent: BASE, candidate: LATER, score: { value: 90, spread: 1, n: 3 }, incumbent: null }),
    );
    // Now 3 sqrt(1/3 + 1/3) = 2.45.
    expect([judged(three, 92.4), judged(three, 92.5)]).toEqual(['CONTROL', 'DRIFT']);
  });

  it('is no drift where nothing varies and nothing has changed, also at zero', () => {
    const state = new RunState({ name: 'night', seed: 1, objective: { label: 'loss', direction: 'minimize' }, budget: {}, sigma: 0 });
    state.settle(
      makeExperiment({ id: 0, kind: 'baseline', verdict: 'keep', parent: BASE, candidate: BASE, score: { value: 0, spread: 0, n: 1 } }),
    );
    expect([judged(state, 0), judged(state, 1e-9)]).toEqual(['CONTROL', 'DRIFT']);
  });

  it('is compared on the incumbent’s seed, where seeds are shared', () => {
    expect(judged(stateOf(), 105, { shift: 5 })).toBe('CONTROL');
    expect(judged(stateOf(), 100, { shift: 5 })).toBe('DRIFT');
  });

  it('measures a slot it has not been in, and there expects what the slot has shown since', () => {
    const state = stateOf();
    expect(judged(state, 150, { slot: 'two' })).toBe('SLOT_MEASURED');
    const seen = { kind: 'control' as const, slot: 'two', n: 3, spread: 1, candidate: BASE };
    state.fold(makeSummary({ ...seen, id: 1, delta: 10, reason: { code: 'SLOT_MEASURED', text: '' } }));
    expect([judged(state, 110, { slot: 'two' }), judged(state, 100, { slot: 'two' }), judged(state, 100)]).toEqual([
      'CONTROL',
      'SLOT_DRIFT',
      'CONTROL',
    ]);
    // 3 sqrt(1/3 + 1/1 + 1/3): the doubt of the slot counts too.
    expect([judged(state, 113.8, { slot: 'two' }), judged(state, 113.9, { slot: 'two' })]).toEqual(['CONTROL', 'SLOT_DRIFT']);
    state.fold(makeSummary({ ...seen, id: 2, delta: 30, reason: { code: 'SLOT_DRIFT', text: '' } }));
    expect(judged(state, 130, { slot: 'two' })).toBe('CONTROL');
  });

  it('uses the last belief in the incumbent, but none from before a drift or of another incumbent', () => {
    const believe = (id: number, incumbent: number | null, mean: number, verdict: 'keep' | 'discard' = 'discard') =>
      makeSummary({ id, incumbent, verdict, belief: { mean, sd: 0.1 }, candidate: verdict === 'keep' ? LATER : 'c'.repeat(40) });
    const of = (...summaries: ReturnType<typeof makeSummary>[]) => {
      const state = stateOf();
      for (const summary of summaries) state.fold(summary);
      return [100, 110, 120].filter((value) => judged(state, value) === 'CONTROL');
    };
    const drift = makeSummary({ id: 2, kind: 'control', incumbent: 0, reason: { code: 'DRIFT', text: '' }, candidate: BASE });
    expect(of(believe(1, 0, 110))).toEqual([110]);
    expect(of(believe(1, 0, 110), believe(2, 0, 120))).toEqual([120]);
    // An experiment of which no gate says anything does not take a belief back.
    expect(of(believe(1, 0, 110), makeSummary({ id: 2, incumbent: 0 }))).toEqual([110]);
    expect(of(believe(1, 5, 110))).toEqual([100]);
    // The belief that comes with a keep is in the one that was kept.
    expect(of(believe(1, 0, 110, 'keep'))).toEqual([100]);
    expect(of(believe(0, 7, 110, 'keep'))).toEqual([110]);
    expect(of(believe(1, 0, 110), drift)).toEqual([100]);
    expect(of(believe(1, 0, 110), { ...drift, incumbent: 5 })).toEqual([110]);
    expect(of(drift, believe(3, 0, 110))).toEqual([110]);
  });
});
