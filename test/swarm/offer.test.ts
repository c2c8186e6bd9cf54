import { describe, expect, it } from 'vitest';
import type { SwarmOpening } from '../../src/swarm/model.ts';
import { nextOffer } from '../../src/swarm/offer.ts';
import { viewOf } from '../../src/swarm/state.ts';
import { digestOf, triedElsewhere } from '../../src/swarm/tried.ts';
import { SwarmUnion } from '../../src/swarm/union.ts';
import { OPENING, TestNode } from './random-swarm.ts';

function unionOf(nodes: readonly TestNode[], opening: SwarmOpening = OPENING): SwarmUnion {
  const union = new SwarmUnion(opening);
  for (const node of nodes) union.add(node.chain());
  return union;
}

const asking = { node: 'a', incumbent: 0, hardware: '' };

describe('an offer', () => {
  it('is the line of another node that promises most, from where it parts from ours', () => {
    const [a, b, c] = [new TestNode('a'), new TestNode('b'), new TestNode('c')];
    const first = b.try(-3);
    const second = b.try(-4.2);
    c.try(-3);
    expect(nextOffer(viewOf(unionOf([a, b, c])), asking)).toMatchObject({
      origin: 'b#2',
      commit: second.candidate,
      parent: null,
      how: 'moved',
    });
    // Once the first of them is here, only what came after it is put on top.
    a.read(b);
    const taken = a.try(-3, { origin: 'b#1', candidate: first.candidate });
    const view = viewOf(unionOf([a, b, c]));
    expect(nextOffer(view, { ...asking, incumbent: taken.id }, { pause: 0 })).toMatchObject({ origin: 'b#2', parent: first.candidate });
    expect(nextOffer(view, { ...asking, incumbent: taken.id })).toBeNull();
  });

  it('is not made twice, nor while it is measured', () => {
    const [a, b] = [new TestNode('a'), new TestNode('b')];
    b.try(-3);
    expect(nextOffer(viewOf(unionOf([a, b])), { ...asking, skip: new Set(['b#1']) })).toBeNull();
    a.try(1, { origin: 'b#1' });
    expect(nextOffer(viewOf(unionOf([a, b])), asking, { pause: 0 })).toBeNull();
  });

  it('is the commit as it is, where so much is claimed that nothing else may explain what comes of it', () => {
    const [a, b] = [new TestNode('a'), new TestNode('b')];
    a.try(-2);
    b.try(-20);
    expect(nextOffer(viewOf(unionOf([a, b])), { ...asking, incumbent: 1 })).toMatchObject({ origin: 'b#1', how: 'whole' });
  });

  it('is not made of what has no effect, or was refuted', () => {
    const [a, b, c, d] = [new TestNode('a'), new TestNode('b'), new TestNode('c'), new TestNode('d')];
    const lie = b.try(-20);
    c.read(b);
    c.try(0, { origin: 'b#1', candidate: lie.candidate });
    // One of the two is wrong: a third owner is asked.
    expect(nextOffer(viewOf(unionOf([a, b, c])), asking)).toMatchObject({ origin: 'b#1', how: 'moved' });
    d.read(b);
    d.try(0, { origin: 'b#1', candidate: lie.candidate });
    const view = viewOf(unionOf([a, b, c, d]));
    expect(view.state.claims[0]).toMatchObject({ origin: 'b#1', status: 'refuted' });
    expect(nextOffer(view, asking)).toBeNull();
  });
});

it('takes a difference for the effect where nothing is known of the noise', () => {
  const { sigma: _, ...opening } = OPENING;
  const [a, b] = [new TestNode('a'), new TestNode('b')];
  const plain = { estimate: undefined, spread: 0, n: 1 } as never as object;
  const found = b.try(-3, plain);
  expect(nextOffer(viewOf(unionOf([a, b], opening)), asking)).toMatchObject({ origin: 'b#1' });
  a.read(b);
  a.try(-2.9, { ...plain, n: 2, origin: 'b#1', candidate: found.candidate });
  const { claims, incumbents } = viewOf(unionOf([a, b], opening)).state;
  expect(claims).toMatchObject([{ origin: 'b#1', status: 'confirmed' }]);
  expect(incumbents['']?.commit).toBe(found.candidate);
});

it('tells what was tried elsewhere, believing listed nodes only', () => {
  const [a, b, guest] = [new TestNode('a'), new TestNode('b'), new TestNode('guest')];
  guest.try(1, { key: 'k', title: 'by a guest' });
  const wanted = { key: 'k', node: 'a', hardware: '' };
  expect(triedElsewhere(unionOf([a, b, guest]), wanted)).toBeNull();
  b.try(1, { key: 'k', title: 'halve the rate' });
  const union = unionOf([a, b, guest]);
  expect(triedElsewhere(union, wanted)).toMatchObject({ origin: 'b#1', verdict: 'discard', title: 'halve the rate' });
  expect(triedElsewhere(union, { ...wanted, hardware: 'H100' })).toBeNull();
  expect(digestOf(viewOf(union), 'a')).toEqual(['b#1 not kept (loss +0.01): halve the rate']);
  expect(digestOf(viewOf(union), 'a', { characters: 10 })).toEqual([]);
});
