import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitsOf, MOST_AHEAD, Pace, planOf, type PaceLimits } from '../../../src/engine/slots/pace.ts';
import { survivalOf } from '../../../src/model/late-gains.ts';
import type { Summary } from '../../../src/plugin.ts';
import { makeRunView, makeSummary } from '../../../src/testing.ts';

const change = (id: number, proposalSeconds: number, trial: number, partial: Partial<Summary> = {}): Summary =>
  makeSummary({ id, proposalSeconds, trialSeconds: trial, n: 1, ...partial });
const night = (count: number, proposal: number, trial: number, partial: Partial<Summary> = {}): Summary[] =>
  Array.from({ length: count }, (_, id) => change(id, proposal, trial, partial));
const free = (slots: number): PaceLimits => ({ slots, lookahead: undefined });

describe('how far ahead a run proposes', () => {
  it.each([
    ['nothing is known yet', [], 0],
    ['a proposal takes a fifth of a trial', night(5, 60, 300), 1],
    ['a proposal takes as long as a trial', night(5, 300, 300), 1],
    ['a proposal takes a hundredth of a trial', night(5, 6, 600), 0],
    ['proposals are there at once', night(5, 0.01, 300), 0],
    ['both are over in a moment', night(5, 1, 2), 0],
    ['the agent is far slower than the trial', night(5, 600, 60), MOST_AHEAD],
    ['one proposal out of many waited hours for its service', [...night(9, 60, 300), change(9, 20_000, 300)], 1],
  ])('where %s', (_, history, lookahead) => {
    expect(planOf(free(1), history)).toMatchObject({ width: 1, lookahead });
  });

  it('is what a person has asked for', () => {
    for (const lookahead of [0, 1, 3]) expect(planOf({ slots: 2, lookahead }, night(5, 600, 60)).lookahead).toBe(lookahead);
  });
});

describe('how many slots a run fills', () => {
  it('is all of them at first, and where most gains survive', () => {
    expect(planOf(free(8), []).width).toBe(8);
    expect(planOf(free(8), night(40, 60, 300)).width).toBe(8);
    // A few lucky keeps at the start leave no slot idle.
    expect(planOf(free(8), night(5, 60, 300, { verdict: 'keep' })).width).toBe(8);
  });

  it('is fewer where half of all changes are kept and none of the others survives that', () => {
    const spoilt = Array.from({ length: 100 }, (_, i) => [
      change(3 * i, 60, 300, { verdict: 'keep' }),
      change(3 * i + 1, 60, 300, { reason: { code: 'GAINED_ON_ITS_BASIS', text: '' }, notes: { posterior: { late: [-4, 0.1] } } }),
      change(3 * i + 2, 60, 300, { again: 3 * i + 1, notes: { posterior: { again: [3, 0.1] } } }),
    ]).flat();
    expect(planOf(free(32), spoilt).width).toBeLessThan(12);
  });

  it('stays within the limits, whatever the record says, and is the same when the record is read at once', () => {
    const summary = fc.record({
      proposalSeconds: fc.double({ min: 0, max: 5000, noNaN: true }),
      trialSeconds: fc.double({ min: 0, max: 5000, noNaN: true }),
      verdict: fc.constantFrom('keep' as const, 'discard' as const, 'crash' as const),
      kind: fc.constantFrom('change' as const, 'control' as const),
    });
    const limits = fc.record({ slots: fc.integer({ min: 1, max: 16 }), lookahead: fc.option(fc.nat(3), { nil: undefined }) });
    fc.assert(
      fc.property(limits, fc.array(summary, { maxLength: 30 }), (given, parts) => {
        const history = parts.map((part, id) => makeSummary({ id, n: 1, ...part }));
        const pace = new Pace(given, (run) => survivalOf(run.history));
        let plan = pace.plan({ ...makeRunView(), history: [] });
        for (let count = 1; count <= history.length; count++) plan = pace.plan({ ...makeRunView(), history: history.slice(0, count) });
        expect(plan.width).toBeGreaterThanOrEqual(1);
        expect(plan.width).toBeLessThanOrEqual(given.slots);
        if (given.lookahead === undefined) expect(plan.lookahead).toBeLessThanOrEqual(MOST_AHEAD);
        else expect(plan.lookahead).toBe(given.lookahead);
        expect(plan).toEqual(planOf(given, history));
      }),
    );
  });
});

it('the limits are those of the config; what auto has found shows in the record', () => {
  expect(limitsOf({ slots: { count: 3 }, lookahead: 1 }, [])).toEqual({ slots: 3, lookahead: 1 });
  expect(limitsOf({ slots: ['a', 'b'] }, [])).toEqual({ slots: 2, lookahead: undefined });
  expect(
    limitsOf(
      { slots: 'auto' },
      ['cuda:0', 'cuda:1', 'cuda:0'].map((slot) => ({ slot })),
    ),
  ).toEqual({ slots: 2, lookahead: undefined });
  expect(limitsOf({ slots: 'auto' }, [])).toEqual({ slots: 1, lookahead: undefined });
});
