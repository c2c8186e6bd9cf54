/** Who counts in a swarm, what trust is computed of, and what is left of a ledger with two histories. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SwarmOpening } from '../../src/swarm/model.ts';
import { SwarmUnion } from '../../src/swarm/union.ts';
import { commitOf, OPENING, summaryOf, swarms, TestNode } from './random-swarm.ts';

function unionOf(nodes: readonly TestNode[], opening: Partial<SwarmOpening> = {}): SwarmUnion {
  const union = new SwarmUnion({ ...OPENING, ...opening });
  for (const node of nodes) union.add(node.chain());
  return union;
}

const named = (list: readonly { readonly node: string; readonly id: number }[]) => list.map(({ node, id }) => `${node}#${id}`);
const stepsOf = ({ steps }: SwarmUnion) =>
  steps.map((step) => ('back' in step ? `${step.node} back to ${step.back}` : `${step.node}#${step.id}`));

describe('the members of a swarm', () => {
  const nodes = {
    a: { owner: 'x', key: '', may: ['propose', 'confirm'] },
    b: { owner: 'y', key: '', may: ['propose'] },
    c: { owner: 'z', key: '', may: ['confirm'] },
  } as const;
  const may = (opening: Partial<SwarmOpening>) => {
    const union = unionOf([], { nodes, ...opening });
    return ['a', 'b', 'c', 'guest', 'toString'].map((node) => [union.isListed(node), union.mayConfirm(node), union.mayPropose(node)]);
  };
  const listed = [
    [true, true, true],
    [true, false, true],
    [true, true, false],
  ];

  it('may do what they are listed for; others may propose, and confirm where guests may', () => {
    const guest = [false, false, true];
    const trusted = [true, true, true];
    expect(may({ open: true })).toEqual([...listed, guest, guest]);
    expect(may({ open: true, guests: 'claim' })).toEqual([...listed, guest, guest]);
    expect(may({ open: true, guests: 'confirm' })).toEqual([...listed, trusted, trusted]);
    expect(may({ open: false, guests: 'confirm' })).toEqual([...listed, guest, guest]);
  });

  it('are those listed, and in an open swarm those whose ledger a listed one has read', () => {
    const [a, guest, other, friend] = [new TestNode('a'), new TestNode('guest'), new TestNode('other'), new TestNode('friend')];
    guest.read(friend);
    a.read(guest);
    const all = [a, guest, other, friend];
    expect([...unionOf(all).admitted()].toSorted()).toEqual(['a', 'guest']);
    expect([...unionOf(all, { open: false }).admitted()]).toEqual(['a']);
    expect([...unionOf([guest, other]).admitted()]).toEqual([]);
  });

  it('have the owner that the list names, or the one they name themselves', () => {
    const [a, guest] = [new TestNode('a'), new TestNode('guest')];
    const union = new SwarmUnion(OPENING);
    for (const node of [a, guest]) union.add({ ...node.chain(), owner: 'somebody' });
    expect([...union.ledgers.values()].map(({ id, owner }) => [id, owner])).toEqual([
      ['a', 'owner of a'],
      ['guest', 'somebody'],
    ]);
  });
});

describe('what a node has read', () => {
  it('ends with the last entry that has arrived, and names no node of which nothing has', () => {
    const [a, b] = [new TestNode('a'), new TestNode('b')];
    b.try(-3);
    const union = new SwarmUnion(OPENING);
    union.add(a.chain());
    union.add(b.chain(1));
    expect(union.tips).toEqual({ a: a.tip });
    union.add(b.chain(0, 1));
    expect(union.tips).toEqual({ a: a.tip, b: b.tip });
  });

  it('has so many experiments up to an entry, of other records as few as of entries that have not arrived', () => {
    const [a, b] = [new TestNode('a'), new TestNode('b')];
    a.try(-3);
    a.read(b);
    a.try(-3);
    const union = unionOf([a]);
    const counts = () => a.entries.map(({ commit }) => union.countUpTo('a', commit));
    // What was written after b was read waits for the ledger of b.
    expect(counts()).toEqual([0, 1, 2, 0, 0]);
    expect([union.countUpTo('a', b.tip), union.countUpTo('b', b.tip)]).toEqual([0, 0]);
    union.add(b.chain());
    // The ledger's opening is no experiment, and neither is what it says of its reading.
    expect(counts()).toEqual([0, 1, 2, 2, 3]);
  });

  it('tells the problems that whoever carried the ledger has found', () => {
    const a = new TestNode('a');
    const union = unionOf([a]);
    expect(union.ledgers.get('a')?.problems).toEqual([]);
    union.add({ ...a.chain(), problems: [{ code: 'BAD_SIGNATURE', text: 'at 3' }] });
    expect(union.ledgers.get('a')?.problems).toEqual([{ code: 'BAD_SIGNATURE', text: 'at 3' }]);
  });
});

describe('what trust is computed of', () => {
  it('are keeps, what was measured of others, what two nodes tried, and audits, in causal order', () => {
    const [a, b] = [new TestNode('a'), new TestNode('b')];
    a.try(-3);
    a.try(2, { key: 'shared' });
    a.try(2, { key: 'alone' });
    a.try(2, { key: 'alone' });
    a.try(2);
    b.read(a);
    expect(stepsOf(unionOf([a, b]))).toEqual(['a#0', 'b#0', 'a#1']);
    b.try(1, { origin: 'a#1' });
    b.try(2, { key: 'shared' });
    b.write({ kind: 'audit', audit: { rolledBack: true, anchor: { id: 0 } } } as never);
    const union = unionOf([a, b]);
    expect(stepsOf(union)).toEqual(['a#0', 'b#0', 'a#1', 'a#2', 'b#1', 'b#2', 'b back to 0']);
    expect(named(union.withKey('shared'))).toEqual(['a#2', 'b#2']);
    expect(named(union.withKey('alone'))).toEqual(['a#3', 'a#4']);
    expect(union.withKey('unknown')).toEqual([]);
  });

  it('has an audit once, however many syncs its ledger came in', () => {
    const a = new TestNode('a');
    a.write({ kind: 'audit', audit: { rolledBack: true, anchor: { id: 0 } } } as never);
    a.try(-3);
    a.write({ kind: 'audit', audit: { rolledBack: true, anchor: { id: 0 } } } as never);
    const union = new SwarmUnion(OPENING);
    for (let at = 0; at < a.entries.length; at++) union.add(a.chain(at, at + 1));
    expect(stepsOf(union)).toEqual(['a#0', 'a back to 0', 'a#1', 'a back to 0']);
  });

  it('has each step once, whoever else tries the same and however often', () => {
    fc.assert(
      fc.property(swarms, (nodes) => {
        const union = unionOf(nodes);
        const steps = union.steps.filter((step) => !('back' in step));
        expect(new Set(steps).size).toBe(steps.length);
        const byKey = Map.groupBy(union.experiments, ({ key }) => key);
        const wanted = union.experiments.filter(
          ({ verdict, origin, key, node }) =>
            verdict === 'keep' || origin !== null || (key !== null && byKey.get(key)?.some((other) => other.node !== node)),
        );
        expect(steps).toEqual(wanted);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a ledger with two histories', () => {
  const [a, b] = [new TestNode('a'), new TestNode('b')];
  a.try(-3, { key: 'k' });
  a.try(-3);
  b.try(-3, { key: 'k' });
  b.write({ kind: 'audit', audit: { rolledBack: true, anchor: { id: 0 } } } as never);
  const fork = {
    ...a.chain(2),
    entries: [{ commit: commitOf('another'), at: 5, record: summaryOf('a', 1, -9, { key: 'k' }) }],
  };

  it('counts up to where they part, whichever of them came first', () => {
    const forked = [0, 1, 2].map((turn) => {
      const union = new SwarmUnion(OPENING);
      const parts = [a.chain(), fork, b.chain()];
      for (let i = 0; i < 3; i++) union.add(parts[(turn + i) % 3] ?? fork);
      return union;
    });
    for (const union of forked) {
      expect(named(union.experiments)).toEqual(['a#0', 'b#0', 'b#1']);
      expect(stepsOf(union)).toEqual(['a#0', 'b#0', 'b#1', 'b back to 0']);
      expect(named(union.withKey('k'))).toEqual(['b#1']);
      expect(union.ledgers.get('a')?.problems).toMatchObject([{ code: 'FORKED' }]);
      expect(union.tips).toEqual({ a: a.entries[1]?.commit, b: b.tip });
    }
  });

  it('counts nothing after the fork, also where one of the two waits for what its node has seen', () => {
    const [c, d] = [new TestNode('c'), new TestNode('d')];
    d.try(-3);
    c.try(-3);
    const waiting = {
      ...c.chain(2),
      entries: [{ commit: commitOf('unplaced'), at: 5, record: { kind: 'synced', seen: { d: d.tip } } as never }],
    };
    const union = unionOf([c]);
    expect(named(union.experiments)).toEqual(['c#0', 'c#1']);
    union.add(waiting);
    expect(named(union.experiments)).toEqual(['c#0']);
    expect(union.ledgers.get('c')?.problems).toMatchObject([{ code: 'FORKED' }]);
  });

  it('is not one where the same entries arrive again', () => {
    const union = unionOf([a, b, a]);
    expect(named(union.experiments)).toEqual(['a#0', 'b#0', 'a#1', 'b#1', 'a#2']);
    expect(union.ledgers.get('a')?.problems).toEqual([]);
  });
});
