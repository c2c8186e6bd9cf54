import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineProblem } from '../../../src/engine/decide/slot-record.ts';
import type { Summary } from '../../../src/plugin.ts';
import { makeSummary } from '../../../src/testing.ts';

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
