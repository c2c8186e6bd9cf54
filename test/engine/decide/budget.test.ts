import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetOf, stopReason, usualCost } from '../../../src/engine/decide/budget.ts';
import type { RunView } from '../../../src/plugin.ts';
import { makeRunView, makeSummary } from '../../../src/testing.ts';

const STOP = { crashes: 5, empty: 4 };
const code = (run: Partial<RunView>, stop: Partial<Parameters<typeof stopReason>[1]> = {}, elapsed?: number) =>
  stopReason(makeRunView({ budget: {}, ...run }), { ...STOP, ...stop }, elapsed)?.code;
const inFlight = (usd: number, kind: 'change' | 'control' = 'change') => ({ kind, usd }) as RunView['pending'][number];
const incumbent = (value: number) => ({ score: { value } }) as unknown as NonNullable<RunView['incumbent']>;

describe('the budget of the config', () => {
  it('is numbers of experiments, seconds and dollars, and has only what is set', () => {
    expect(budgetOf({})).toEqual({});
    expect(budgetOf({ experiments: 7, time: '2h', slotHours: 3, cost: 4.5 })).toEqual({
      experiments: 7,
      seconds: 7200,
      slotSeconds: 10_800,
      usd: 4.5,
    });
    expect(budgetOf({ experiments: 0, slotHours: 0, cost: 0 })).toEqual({ experiments: 0, slotSeconds: 0, usd: 0 });
  });
});

describe('the usual cost of a proposal', () => {
  const costs = (...list: (number | undefined)[]) => ({ history: list.map((usd) => makeSummary(usd === undefined ? {} : { usd })) });

  it('is the mean of the last ten that had a price', () => {
    expect(usualCost(costs())).toBe(0);
    expect(usualCost(costs(0, undefined, 0))).toBe(0);
    expect(usualCost(costs(1, 0, undefined, 3))).toBe(2);
    expect(usualCost(costs(100, ...Array.from({ length: 10 }, () => 2)))).toBe(2);
    expect(usualCost(costs(13, ...Array.from({ length: 9 }, () => 3)))).toBe(4);
  });
});

describe('a run', () => {
  it('goes on while nothing ends it', () => {
    expect(code({})).toBeUndefined();
    expect(code({ seconds: 1e9, slotSeconds: 1e9, usd: 1e9, sinceKeep: 1e9, crashesInARow: 4, emptyInARow: 3 })).toBeUndefined();
  });

  it('ends with its experiments, those in flight counted, and no baseline or control', () => {
    const budget = { experiments: 10 };
    const counts = { keep: 1, discard: 2, crash: 3, review: 4 };
    expect(code({ budget, counts })).toBe('BUDGET_EXPERIMENTS');
    for (const verdict of ['keep', 'discard', 'crash', 'review'] as const) {
      const fewer = { ...counts, [verdict]: counts[verdict] - 1 };
      expect(code({ budget, counts: fewer, pending: [inFlight(0, 'control')] })).toBeUndefined();
      expect(code({ budget, counts: fewer, pending: [inFlight(0)] })).toBe('BUDGET_EXPERIMENTS');
    }
    expect(code({ budget: { experiments: 0 } })).toBe('BUDGET_EXPERIMENTS');
  });

  it('ends with its time, that of experiments in flight counted', () => {
    const budget = { seconds: 100 };
    expect(code({ budget, seconds: 99 })).toBeUndefined();
    expect(code({ budget, seconds: 100 })).toBe('BUDGET_TIME');
    expect(code({ budget, seconds: 60 }, {}, 39)).toBeUndefined();
    expect(stopReason(makeRunView({ budget, seconds: 60.4 }), STOP, 40)?.text).toBe('the time budget is used: 100 s of 100 s');
  });

  it("ends with its slots' hours", () => {
    const budget = { slotSeconds: 5400 };
    expect(code({ budget, slotSeconds: 5399 })).toBeUndefined();
    expect(code({ budget, slotSeconds: 5400 })).toBe('BUDGET_SLOT_HOURS');
    expect(stopReason(makeRunView({ budget, slotSeconds: 5760 }), STOP)).toEqual({
      code: 'BUDGET_SLOT_HOURS',
      text: "the slots' hours are used: 1.60 h of 1.50 h",
    });
    const { slotSeconds: _slotSeconds, ...old } = makeRunView({ budget });
    expect(stopReason(old, STOP)).toBeUndefined();
  });

  it('ends with its dollars, and before a proposal that would cost more than is left', () => {
    const budget = { usd: 10 };
    const history = [makeSummary({ usd: 2 })];
    expect(code({ budget, usd: 9.9 })).toBeUndefined();
    expect(stopReason(makeRunView({ budget, usd: 8, pending: [inFlight(2)] }), STOP)?.text).toBe(
      'the cost budget is used: $10.00 of $10.00',
    );
    expect(code({ budget, usd: 8, history })).toBeUndefined();
    expect(stopReason(makeRunView({ budget, usd: 8.5, history }), STOP)?.text).toBe(
      '$8.50 of $10.00 are used, and a proposal costs about $2.00',
    );
    expect(code({ budget, usd: 7, history, pending: [inFlight(1.5)] })).toBe('BUDGET_COST');
  });

  it('ends at its target, in the direction of its objective', () => {
    const minimize = { label: 'loss', direction: 'minimize' } as const;
    const maximize = { label: 'accuracy', direction: 'maximize' } as const;
    expect(code({ objective: minimize, incumbent: incumbent(0.5) }, { target: 0.4 })).toBeUndefined();
    expect(code({ objective: minimize, incumbent: incumbent(0.4) }, { target: 0.4 })).toBe('TARGET_REACHED');
    expect(code({ objective: minimize, incumbent: incumbent(0.3) }, { target: 0.4 })).toBe('TARGET_REACHED');
    expect(code({ objective: maximize, incumbent: incumbent(0.3) }, { target: 0.4 })).toBeUndefined();
    expect(code({ objective: maximize, incumbent: incumbent(0.5) }, { target: 0.4 })).toBe('TARGET_REACHED');
    expect(code({ objective: minimize, incumbent: null }, { target: 0.4 })).toBeUndefined();
  });

  it('ends after as many failures, empty proposals or experiments without a keep as are allowed in a row', () => {
    expect(code({ crashesInARow: 5 })).toBe('CRASHES');
    expect(code({ emptyInARow: 4 })).toBe('NO_PROPOSALS');
    expect(code({ sinceKeep: 3 }, { patience: 3 })).toBe('PATIENCE');
    expect(code({ sinceKeep: 2 }, { patience: 3 })).toBeUndefined();
    expect(stopReason(makeRunView({ budget: {}, sinceKeep: 3 }), { ...STOP, patience: 3 })?.text).toContain('last 3');
  });

  it('that has ended stays ended, whatever more is used', () => {
    const used = fc.record({ seconds: fc.nat(200), slotSeconds: fc.nat(200), usd: fc.nat(20), sinceKeep: fc.nat(20) });
    fc.assert(
      fc.property(used, used, (some, more) => {
        const budget = { seconds: 100, slotSeconds: 100, usd: 10 };
        if (code({ budget, ...some }, { patience: 10 }) === undefined) return;
        const all = Object.fromEntries(Object.entries(some).map(([name, value]) => [name, value + more[name as keyof typeof more]]));
        expect(code({ budget, ...all }, { patience: 10 })).toBeDefined();
      }),
    );
  });
});
