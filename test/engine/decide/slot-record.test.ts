import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineProblem, isNewSlot, sinceControl, slotOf } from '../../../src/engine/decide/slot-record.ts';
import type { Summary } from '../../../src/plugin.ts';
import { makeExperiment, makeSummary, makeTrial } from '../../../src/testing.ts';

const baseline = makeSummary({ id: 0, kind: 'baseline', verdict: 'keep', slot: 'a', hardware: 'H100' });
const control = (slot: string, hardware?: string, partial: Partial<Summary> = {}): Summary =>
  makeSummary({ kind: 'control', slot, ...(hardware !== undefined && { hardware }), ...partial });

describe('a class of hardware without a baseline', () => {
  it('has none while its control has failed, or only changes ran in it', () => {
    const failed = control('x', 'H200', { score: null, verdict: 'crash' });
    expect(baselineProblem({ slot: 'x', hardware: 'H200' }, [baseline, failed])?.code).toBe('NO_BASELINE_OF_CLASS');
    const change = makeSummary({ slot: 'x', hardware: 'H200' });
    expect(baselineProblem({ slot: 'x', hardware: 'H200' }, [baseline, change])?.text).toContain('H200');
  });

  it('is told with its slot, or without where that is unknown', () => {
    const said = (slot: string) =>
      `${slot} has hardware of the class H200, on which neither the baseline nor a control was measured: scores of different hardware are not compared`;
    expect(baselineProblem({ slot: 'x', hardware: 'H200' }, [])).toEqual({ code: 'NO_BASELINE_OF_CLASS', text: said('x') });
    expect(baselineProblem({ hardware: 'H200' }, [])?.text).toBe(said('its slot'));
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
      }),
    );
  });
});

describe('what controls have shown of a slot', () => {
  const shownIn = (slot: string | undefined, history: readonly Summary[]) =>
    slotOf({ slots: ['a', 'b'], state: { history } } as unknown as Parameters<typeof slotOf>[0], {
      ...makeExperiment({ state: 'committed' }),
      trials: slot === undefined ? [] : [makeTrial({ slot })],
    });
  const shown = (delta: number, n?: number, code = 'CONTROL'): Summary =>
    control('b', undefined, { delta, reason: { code, text: '' }, ...(n !== undefined && { n }) });

  it('is nothing of the first one, of one that the run no longer has, and without a trial', () => {
    expect(['a', 'c', undefined].map((slot) => shownIn(slot, [shown(1)]))).toEqual([null, null, null]);
  });

  it('is how far it is off the first one, on average over trials, with the variance of that', () => {
    expect(shownIn('b', [])).toEqual({ name: 'b', isNew: true, offset: 0, doubt: 0 });
    expect(shownIn('b', [shown(2), shown(4, 3)])).toEqual({ name: 'b', isNew: false, offset: 3.5, doubt: 0.25 });
    const others = [control('a', undefined, { delta: 9 }), makeSummary({ slot: 'b', delta: 9 }), { ...shown(9), delta: null }];
    expect(shownIn('b', [...others, shown(2)])).toEqual({ name: 'b', isNew: false, offset: 2, doubt: 1 });
  });

  it('begins anew with the control that found it to be another than before', () => {
    const history = [shown(2), shown(7, 1, 'SLOT_DRIFT'), shown(40, 2, 'SLOT_DRIFT'), shown(37)];
    expect(shownIn('b', history)).toEqual({ name: 'b', isNew: false, offset: 39, doubt: 1 / 3 });
  });
});

describe('the last control in a slot', () => {
  const since = (history: readonly Summary[], inAll = 5) =>
    sinceControl({ history, sinceControl: inAll } as unknown as Parameters<typeof sinceControl>[0], 'b');
  const change = (slot: string, n?: number) => makeSummary({ slot, ...(n !== undefined && { n }) });

  it('is so many trials ago there, whatever ran elsewhere', () => {
    const history = [control('b'), change('b', 3), baseline, change('a', 9), change('b'), control('a'), change('b', 2)];
    expect(since(history)).toBe(6);
    expect(since([...history, control('b')])).toBe(0);
    expect(since([makeSummary({ kind: 'baseline', slot: 'b', n: 3 }), change('b')])).toBe(1);
  });

  it('is too long ago where there was none, or where another one is due at once', () => {
    expect([since([]), since([control('a'), change('b')]), since([control('b')], Infinity)]).toEqual([Infinity, Infinity, Infinity]);
  });

  it('makes a slot one that is not new; a change does not', () => {
    const isNew = (history: readonly Summary[]) => isNewSlot({ history }, 'b');
    expect([isNew([]), isNew([change('b'), control('a')]), isNew([control('b')]), isNew([baseline, control('b')])]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
