import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineProblem, expectedIn, slotsWithoutBaseline } from '../../../src/engine/decide/slot-baseline.ts';
import type { Summary } from '../../../src/plugin.ts';
import { makeSummary } from '../../../src/testing.ts';

const baseline = makeSummary({ id: 0, kind: 'baseline', verdict: 'keep', slot: 'a', hardware: 'H100' });
const control = (slot: string, hardware?: string, partial: Partial<Summary> = {}): Summary =>
  makeSummary({ kind: 'control', slot, ...(hardware !== undefined && { hardware }), ...partial });

describe('a slot without a baseline', () => {
  const slots = [
    { slot: 'a', hardware: 'H100' },
    { slot: 'b', hardware: 'H100' },
    { slot: 'x', hardware: 'H200' },
  ];

  it('is measured before anything is compared there, one of a new class first', () => {
    expect(slotsWithoutBaseline(slots, [baseline]).map(({ slot }) => slot)).toEqual(['x', 'b']);
    expect(slotsWithoutBaseline(slots, [baseline, control('x', 'H200'), control('b', 'H100')])).toEqual([]);
  });

  it('has none while its control has failed, or only changes ran in it', () => {
    const failed = control('x', 'H200', { score: null, verdict: 'crash' });
    expect(slotsWithoutBaseline(slots, [baseline, failed]).map(({ slot }) => slot)).toContain('x');
    expect(baselineProblem({ slot: 'x', hardware: 'H200' }, [baseline, failed])?.code).toBe('NO_BASELINE_OF_CLASS');
    const change = makeSummary({ slot: 'x', hardware: 'H200' });
    expect(baselineProblem({ slot: 'x', hardware: 'H200' }, [baseline, change])?.text).toContain('H200');
  });

  it('can be compared in a class that has one, and where slots have no classes', () => {
    expect(baselineProblem({ slot: 'b', hardware: 'H100' }, [baseline])).toBeNull();
    expect(baselineProblem({ slot: 'b' }, [baseline])).toBeNull();
    expect(baselineProblem({}, [])).toBeNull();
  });

  it('is named exactly until its class or it was measured, in whatever order that was', () => {
    const place = fc.record({ slot: fc.constantFrom('a', 'b', 'c', 'd'), hardware: fc.constantFrom('H100', 'H200') });
    fc.assert(
      fc.property(fc.array(place), place, (measured, asked) => {
        const history = measured.map(({ slot, hardware }) => control(slot, hardware));
        const isKnown = measured.some(({ hardware }) => hardware === asked.hardware);
        expect(baselineProblem(asked, history) === null).toBe(isKnown);
        expect(baselineProblem(asked, history.toReversed()) === null).toBe(isKnown);
        expect(slotsWithoutBaseline([asked], history)).toEqual(measured.some(({ slot }) => slot === asked.slot) ? [] : [asked]);
      }),
    );
  });
});

describe('what the incumbent should score in a slot', () => {
  const slots = { a: { mean: 1, sd: 0.1 }, b: { mean: 3, sd: 0.2 } };
  const judged = (partial: Partial<Summary>) => makeSummary({ incumbent: 4, belief: { mean: 1, sd: 0.1, slots }, ...partial });

  it('is what was believed of it last, wherever that was judged', () => {
    expect(expectedIn([judged({ slot: 'a' })], 4, 'b')).toEqual(slots.b);
    expect(expectedIn([judged({ id: 5, verdict: 'keep', incumbent: 4 })], 5, 'a')).toEqual(slots.a);
    expect(expectedIn([judged({ id: 5, verdict: 'keep', incumbent: 4 })], 4, 'a')).toBeNull();
  });

  it('is unknown of a slot that nobody spoke of, and of one that has changed since', () => {
    expect(expectedIn([judged({})], 4, 'c')).toBeNull();
    const drifted = control('b', undefined, { reason: { code: 'SLOT_DRIFT', text: '' }, incumbent: 4 });
    expect(expectedIn([judged({}), drifted], 4, 'b')).toBeNull();
    expect(expectedIn([judged({}), drifted], 4, 'a')).toEqual(slots.a);
  });
});
