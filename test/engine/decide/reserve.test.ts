import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stopReason, usualCost } from '../../../src/engine/decide/budget.ts';
import { reserve } from '../../../src/engine/decide/reserve.ts';
import type { Pending, RunView, Summary } from '../../../src/plugin.ts';
import { makeRunView } from '../../../src/testing.ts';

const STOP = { crashes: 3, empty: 5 };
/** Dollars are sums of floats. */
const DUST = 1e-9;

interface Proposal {
  readonly id: number;
  readonly cost: number;
  readonly most: number;
  /** What stop reasons count for it before it has spent more. */
  readonly usual: number;
  spent: number;
  isAtWork: boolean;
}

interface World {
  readonly budget: number;
  readonly room: number;
  /** What each proposal would like to cost, in turns. */
  readonly costs: readonly number[];
  /** What happens next: numbers that choose one of the experiments in flight, and how far it gets. */
  readonly steps: readonly (readonly [number, number])[];
  /** Do agents stop at what they may use? */
  readonly isKept: boolean;
}

interface Played {
  readonly total: number;
  readonly dearest: number;
  readonly end: string | undefined;
}

/** Plays a run of proposals whose costs become known bit by bit, as meters tell them. */
function play({ budget, room, costs, steps, isKept }: World): Played {
  const settled: number[] = [];
  const flight: Proposal[] = [];
  let asked = 0;
  const view = (): RunView =>
    makeRunView({
      incumbent: null,
      budget: { usd: budget },
      usd: settled.reduce((a, b) => a + b, 0),
      history: settled.map((usd) => ({ kind: 'change', usd }) as Summary),
      pending: flight.map(({ id, usual, spent, isAtWork }) => ({ id, usd: isAtWork ? Math.max(usual, spent) : spent }) as Pending),
    });
  const fill = (): string | undefined => {
    while (flight.length < room) {
      const stop = stopReason(view(), STOP);
      if (stop !== undefined) return stop.code;
      const held = flight.map(({ spent, most, isAtWork }) => ({ usd: spent, most: isAtWork ? most : undefined }));
      const most = reserve(view(), held, room);
      if (most === null) return undefined;
      expect(most).toBeGreaterThan(0);
      const wish = costs[asked % costs.length] ?? 0;
      flight.push({ id: asked++, cost: isKept ? Math.min(wish, most) : wish, most, usual: usualCost(view()), spent: 0, isAtWork: true });
    }
    return undefined;
  };
  for (const [which, how] of steps) {
    fill();
    const one = flight[which % Math.max(1, flight.length)];
    if (one === undefined) break;
    if (one.isAtWork && how < 0.5) one.spent += (one.cost - one.spent) * how;
    else if (one.isAtWork) [one.spent, one.isAtWork] = [one.cost, false];
    else settled.push(...flight.splice(flight.indexOf(one), 1).map(({ spent }) => spent));
  }
  const end = fill();
  const all = [...settled, ...flight.map(({ cost }) => cost)];
  return { total: all.reduce((a, b) => a + b, 0), dearest: Math.max(0, ...all), end };
}

const steps = fc.array(fc.tuple(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 50, maxLength: 300 });
const room = fc.integer({ min: 1, max: 16 });
const budget = fc.double({ min: 0.01, max: 50, noNaN: true });
/** From hundredths of a cent to many dollars. */
const anyCost = fc.double({ min: -4, max: 2, noNaN: true }).map((power) => 10 ** power);

describe('agents at work at once, in a run that may use so many dollars', () => {
  it('never use more, whatever each would like to use, if none uses more than it may', () => {
    const world = fc.record({ budget, room, steps, costs: fc.array(anyCost, { minLength: 1, maxLength: 40 }), isKept: fc.constant(true) });
    fc.assert(
      fc.property(world, (given) => {
        expect(play(given).total).toBeLessThanOrEqual(given.budget + DUST);
      }),
    );
  });

  it('use at most one experiment more where they tell only at the end what they have used, and costs are alike', () => {
    const costs = anyCost.chain((least) =>
      fc.array(fc.double({ min: least, max: 2 * least, noNaN: true }), { minLength: 1, maxLength: 40 }),
    );
    const world = fc.record({ budget, room, steps, costs, isKept: fc.constant(false) });
    fc.assert(
      fc.property(world, (given) => {
        const { total, dearest } = play(given);
        expect(total).toBeLessThanOrEqual(given.budget + dearest + DUST);
      }),
    );
  });

  it('use at most one experiment more where only one is at work, whatever it costs', () => {
    const costs = fc.array(anyCost, { minLength: 1, maxLength: 40 });
    const world = fc.record({ budget, room: fc.constant(1), steps, costs, isKept: fc.constant(false) });
    fc.assert(
      fc.property(world, (given) => {
        const { total, dearest } = play(given);
        expect(total).toBeLessThanOrEqual(given.budget + dearest + DUST);
      }),
    );
  });

  it('come to the end of the dollars, and do not wait for each other for ever', () => {
    const finish = Array.from({ length: 3000 }, (_, step) => [step, 0.9] as const);
    const cost = fc.double({ min: 0.05, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(room, cost, (width, one) => {
        const { end, total } = play({ budget: 10, room: width, costs: [one], steps: finish, isKept: true });
        expect(end).toBe('BUDGET_COST');
        expect(total).toBeGreaterThan(10 - 2 * one);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what is reserved for a proposal', () => {
  const run = (usd: number, costs: readonly number[]) =>
    makeRunView({ budget: { usd: 10 }, usd, history: costs.map((cost) => ({ kind: 'change', usd: cost }) as Summary) });

  it('is everything for the first one: the others wait until it is known what one costs', () => {
    expect(reserve(run(0, []), [], 4)).toBe(10);
    expect(reserve(run(0, []), [{ usd: 0, most: 10 }], 4)).toBeNull();
    expect(reserve(run(0, []), [{ usd: 0.5 }], 4)).toBeCloseTo(9.5 / 4);
  });

  it('is a fair share of what is left, or twice the dearest of the last ones where that is more', () => {
    expect(reserve(run(2, [1, 1]), [], 4)).toBe(2);
    expect(reserve(run(2, [1, 1]), [{ usd: 0.3, most: 2 }], 4)).toBe(2);
    expect(reserve(run(4, [2, 2]), [], 4)).toBe(4);
    expect(reserve(run(4, [2, 2]), [{ usd: 0, most: 4 }], 4)).toBeNull();
    expect(reserve(run(9, [3, 3, 3]), [], 4)).toBe(1);
  });

  it('is everything also beside what no agent was asked for, and a share beside a proposal that was free', () => {
    expect(reserve(run(0, []), [{ usd: 0 }, { usd: 0, isAsked: false }], 4)).toBe(10);
    expect(reserve(run(0, []), [{ usd: 0, isAsked: true }], 4)).toBe(2.5);
  });

  it('counts what an agent has used beyond that', () => {
    expect(reserve(run(2, [1, 1]), [{ usd: 7, most: 2 }], 4)).toBeNull();
  });

  it('is nothing yet where one in flight has cost more than is left, and no record says so', () => {
    expect(reserve(run(0, []), [{ usd: 6 }], 4)).toBeNull();
    expect(reserve(run(6, [6]), [], 4)).toBe(4);
  });

  it('is no limit where dollars are not limited', () => {
    expect(reserve(makeRunView({ budget: {} }), [{ usd: 1, most: Infinity }], 4)).toBe(Infinity);
  });
});
