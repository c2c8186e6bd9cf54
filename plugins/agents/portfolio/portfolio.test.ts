import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunView, Summary } from '../../../src/plugin.ts';
import { createGenerator } from '../../../src/stats.ts';
import { makeBrief, makeContext, makeRunView, makeSummary, testPlugin } from '../../../src/testing.ts';
import { drawOrder } from './bandit.ts';
import { costOf } from './cost.ts';
import { createMemory, NOTHING, type Evidence } from './evidence.ts';
import portfolio from './index.ts';

const AGENTS = [{ use: 'search' }, { use: 'command', name: 'other' }];

testPlugin(portfolio, {
  options: {
    valid: [{ agents: AGENTS }, { agents: AGENTS, halfLife: 10, trialUsd: 0.5 }],
    invalid: [{}, { agents: [] }, { agents: 'search' }, { agents: AGENTS, halfLife: 0 }, { agents: AGENTS, trialUsd: 0 }],
  },
});

const orderOf = (members: readonly string[], history: readonly Summary[], seed: number, budget: RunView['budget'] = {}) =>
  portfolio
    .create({ agents: AGENTS, halfLife: 30 }, makeContext())
    .order(members, makeBrief({ seed, run: makeRunView({ history, budget }) }));

describe('the order', () => {
  const members = ['a', 'b', 'c'];
  const amount = fc.double({ min: 0, max: 1e12, noNaN: true });
  const summary = fc.record({
    agent: fc.constantFrom('a', 'b', 'c', 'engine', 'stranger'),
    verdict: fc.constantFrom('keep', 'discard', 'crash', 'review'),
    delta: fc.oneof(fc.constant(null), fc.double({ min: -1e12, max: 1e12, noNaN: true })),
    seconds: amount,
    usd: amount,
    reason: fc.constantFrom('IMPROVED', 'NO_PROPOSAL', 'NO_CHANGE').map((code) => ({ code, text: '' })),
    declined: fc.array(
      fc.record({
        agent: fc.constantFrom('a', 'b', 'stranger'),
        kind: fc.constant('crash'),
        seconds: amount,
        usage: fc.record({ usd: amount }),
      }),
      { maxLength: 3 },
    ),
  });
  const history = fc.array(summary, { maxLength: 60 }).map((list) => list.map((part, id) => makeSummary({ ...part, id })));
  const limit = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined });
  const budgets = fc
    .record({ experiments: limit, seconds: limit, usd: limit })
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));

  it('has every member once, for any history and budget, and is the same for the same', () => {
    fc.assert(
      fc.property(history, budgets, fc.integer(), (past, budget, seed) => {
        const order = orderOf(members, past, seed, budget);
        expect(order.toSorted()).toEqual(members);
        expect(orderOf(members, past, seed, budget)).toEqual(order);
      }),
    );
  });

  it('does not depend on experiments of others', () => {
    fc.assert(
      fc.property(history, fc.integer(), (past, seed) => {
        const own = past
          .filter(({ agent }) => members.includes(agent))
          .map((one) => ({ ...one, declined: one.declined?.filter(({ agent }) => members.includes(agent)) ?? [] }));
        const strange = own.flatMap((one) => [makeSummary({ ...one, agent: 'engine', declined: [] }), one]);
        expect(orderOf(members, strange, seed)).toEqual(orderOf(members, own, seed));
      }),
    );
  });
});

describe('the evidence', () => {
  const of = (history: readonly Summary[], direction: 'minimize' | 'maximize' = 'minimize', halfLife = 1e9) =>
    createMemory(halfLife)(makeRunView({ history, objective: { label: 'loss', direction } }));
  const close = (evidence: Evidence | undefined, expected: Partial<Evidence>) => {
    for (const [name, value] of Object.entries(expected)) expect(evidence?.[name as keyof Evidence], name).toBeCloseTo(value, 5);
  };
  const keep = makeSummary({ agent: 'a', verdict: 'keep', delta: -0.5, seconds: 10, usd: 1 });

  it('counts what each was asked, kept, gained and took; not the baseline, and not controls', () => {
    const failed = makeSummary({ agent: 'a', verdict: 'discard', delta: null, candidate: null, seconds: 2, usd: 0.5 });
    const byAgent = of([{ ...keep, agent: 'engine' }, keep, failed, { ...keep, kind: 'control' }]);
    expect([...byAgent.keys()]).toEqual(['a']);
    close(byAgent.get('a'), { asked: 2, keeps: 1, gained: 0.5, seconds: 12, usd: 1.5 });
  });

  it('takes the shrunken estimate for the gain, in the direction of the objective, and never less than nothing', () => {
    const estimate = { effect: -0.2, low: -0.4, high: 0, pGain: 0.9, n: 3, method: 'x' };
    close(of([{ ...keep, estimate }]).get('a'), { gained: 0.2 });
    close(of([{ ...keep, delta: 0.5 }], 'maximize').get('a'), { gained: 0.5 });
    close(of([keep], 'maximize').get('a'), { keeps: 1, gained: 0 });
  });

  it('takes what waits for a human for a keep', () => {
    close(of([{ ...keep, verdict: 'review' }]).get('a'), { keeps: 1, gained: 0.5 });
  });

  it('puts what a failed try took to the account of the one that failed', () => {
    const declined = [{ agent: 'b', kind: 'turn-limit', seconds: 4, usage: { usd: 0.75 } }];
    const byAgent = of([{ ...keep, declined }]);
    close(byAgent.get('a'), { asked: 1, keeps: 1, seconds: 6, usd: 0.25 });
    close(byAgent.get('b'), { asked: 1, keeps: 0, seconds: 4, usd: 0.75 });
    const none = of([{ ...keep, agent: 'b', verdict: 'discard', reason: { code: 'NO_PROPOSAL', text: '' }, declined }]);
    close(none.get('b'), { asked: 1, keeps: 0, usd: 0.75 });
    const exhausted = of([{ ...keep, declined: [{ agent: 'b', kind: 'exhausted', seconds: 4, usage: { usd: 0.75 } }] }]);
    close(exhausted.get('b'), { asked: 0, usd: 0.75 });
  });

  it('fades by half in a half-life', () => {
    const others = Array.from({ length: 10 }, (_, id) => makeSummary({ id, agent: 'b', verdict: 'discard' }));
    close(of([keep, ...others], 'minimize', 10).get('a'), { asked: 0.5, keeps: 0.5, gained: 0.25, usd: 0.5 });
  });
});

describe('the cost of an experiment', () => {
  const used = { seconds: 60, usd: 2 };

  it('is the share of the budget it uses up, over all limits that are set', () => {
    expect(costOf({ experiments: 50 }, undefined)(used)).toBeCloseTo(1 / 50);
    expect(costOf({ seconds: 6000 }, undefined)(used)).toBeCloseTo(0.01);
    expect(costOf({ experiments: 50, seconds: 6000, usd: 20 }, undefined)(used)).toBeCloseTo(0.02 + 0.01 + 0.1);
    expect(costOf({ usd: 20 }, undefined)(used)).toBeCloseTo(0.01 + 0.1);
    expect(costOf({}, undefined)(used)).toBeCloseTo(0.01);
  });

  it('is dollars where the worth of a trial is given', () => {
    expect(costOf({ experiments: 50, usd: 20 }, 3)(used)).toBe(5);
  });
});

it('prefers what is likely worth more, and still asks the other one', () => {
  const good: Evidence = { ...NOTHING, asked: 20, keeps: 8, gained: 0.8 };
  const poor: Evidence = { ...NOTHING, asked: 20, keeps: 2, gained: 0.2 };
  const firsts = Array.from({ length: 1000 }, (_, seed) => drawOrder([poor, good], () => 1, createGenerator(seed))[0]);
  const share = firsts.filter((index) => index === 1).length / firsts.length;
  expect(share).toBeGreaterThan(0.8);
  expect(share).toBeLessThan(1);
});
