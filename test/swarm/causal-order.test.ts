import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CausalOrder, compareOrder, type Placed } from '../../src/swarm/causal-order.ts';
import type { Taken } from '../../src/swarm/compact.ts';

interface Entry {
  readonly node: string;
  readonly commit: string;
  readonly after: string | null;
  readonly seen: readonly (readonly [node: string, commit: string])[];
}

const taken = (commit: string, seen: Entry['seen']) => ({ commit, seen }) as unknown as Taken;

function placedOf(entries: readonly Entry[]) {
  const placed: Placed[] = [];
  const order = new CausalOrder((one) => void placed.push(one));
  for (const { node, commit, after, seen } of entries) order.add(node, taken(commit, seen), after);
  return { order, placed, inOrder: placed.toSorted(compareOrder).map(({ node, taken: { commit } }) => `${node} ${commit}`) };
}

/** Ledgers of three nodes that read each other now and then. */
const histories = fc.array(fc.tuple(fc.nat(2), fc.array(fc.nat(2), { maxLength: 2 })), { maxLength: 25 }).map((acts) => {
  const tips = new Map<string, string>();
  return acts.map(([who, read], i): Entry => {
    const node = 'abc'.charAt(who);
    const seen = [...new Set(read)]
      .map((other) => 'abc'.charAt(other))
      .flatMap((other) => (other !== node && tips.has(other) ? [[other, tips.get(other) ?? ''] as const] : []));
    const entry = { node, commit: `c${i}`, after: tips.get(node) ?? null, seen };
    tips.set(node, entry.commit);
    return entry;
  });
});

describe('the causal order', () => {
  it('gives clocks and positions that do not depend on the order of arrival', () => {
    fc.assert(
      fc.property(
        histories.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const [one, other] = [placedOf(all), placedOf(shuffled)];
          expect(other.inOrder).toEqual(one.inOrder);
          expect(one.inOrder).toHaveLength(all.length);
          expect([one.order.waiting, other.order.waiting]).toEqual([0, 0]);
          for (const { node, commit, after, seen } of all) {
            const here = other.order.placed(node, commit);
            const before = after === null ? null : other.order.placed(node, after);
            const clocks = seen.map(([from, read]) => other.order.placed(from, read)?.clock ?? NaN);
            expect(here?.clock).toBe(1 + Math.max(0, before?.clock ?? 0, ...clocks));
            expect(here?.position).toBe(before === null ? 0 : before.position + 1);
          }
        },
      ),
    );
  });

  it('places nothing before what it follows on or had seen, and only what has arrived', () => {
    fc.assert(
      fc.property(
        histories.chain((all) => fc.shuffledSubarray(all)),
        (arrived) => {
          const { order, placed } = placedOf(arrived);
          const at = new Map(placed.map(({ node, taken: { commit } }, i) => [`${node} ${commit}`, i]));
          expect(order.waiting).toBe(arrived.length - placed.length);
          for (const { node, commit, after, seen } of arrived) {
            const needs = [...seen.map(([from, read]) => `${from} ${read}`), ...(after === null ? [] : [`${node} ${after}`])];
            const here = at.get(`${node} ${commit}`);
            const ready = needs.every((need) => at.has(need));
            expect(here !== undefined).toBe(ready);
            if (here !== undefined) for (const need of needs) expect(at.get(need)).toBeLessThan(here);
          }
        },
      ),
    );
  });

  it('takes an entry once, and knows the same commit in two ledgers as two entries', () => {
    const { order } = placedOf([{ node: 'a', commit: 'x', after: null, seen: [] }]);
    expect(order.add('a', taken('x', []), null)).toBe(false);
    expect(order.add('b', taken('x', []), null)).toBe(true);
    expect([order.placed('a', 'x')?.node, order.placed('b', 'x')?.node, order.placed('c', 'x')]).toEqual(['a', 'b', null]);
  });

  it('tells what follows on an entry: more than one where a node has two histories', () => {
    const { order } = placedOf([
      { node: 'a', commit: 'x', after: null, seen: [] },
      { node: 'a', commit: 'y', after: 'x', seen: [] },
      { node: 'a', commit: 'z', after: 'x', seen: [] },
    ]);
    expect([order.after('a', null), order.after('a', 'x'), order.after('a', 'y'), order.after('b', null)]).toEqual([
      ['x'],
      ['y', 'z'],
      [],
      [],
    ]);
  });

  it('puts entries of one clock in the order of their nodes, and those of one node in that of its ledger', () => {
    const one = { node: 'a', clock: 2, position: 5 };
    expect(compareOrder(one, { ...one, clock: 3, position: 0 })).toBeLessThan(0);
    expect(compareOrder({ ...one, node: 'b', position: 0 }, one)).toBeGreaterThan(0);
    expect(compareOrder(one, { ...one, node: 'b', position: 0 })).toBeLessThan(0);
    expect(compareOrder(one, { ...one, position: 6 })).toBeLessThan(0);
    expect(compareOrder(one, one)).toBe(0);
  });
});
