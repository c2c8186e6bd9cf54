import { describe, expect, it } from 'vitest';
import { viewOf } from '../../src/swarm/state.ts';
import { digestOf, triedElsewhere } from '../../src/swarm/tried.ts';
import { SwarmUnion } from '../../src/swarm/union.ts';
import { OPENING, TestNode } from './random-swarm.ts';

function unionOf(...nodes: readonly TestNode[]): SwarmUnion {
  const union = new SwarmUnion(OPENING);
  for (const node of nodes) union.add(node.chain());
  return union;
}

describe('a change that another node has tried', () => {
  const wanted = { key: 'k', node: 'a', hardware: '' };

  it('is known by its first measured result, in causal order', () => {
    const [a, b, c] = [new TestNode('a'), new TestNode('b'), new TestNode('c')];
    a.try(1, { key: 'k', title: 'its own' });
    c.try(5, { key: 'k', title: 'crashed', score: null, verdict: 'crash' });
    c.try(2, { key: 'k', title: 'first' });
    b.read(c);
    b.try(3, { key: 'k', title: 'later' });
    const found = triedElsewhere(unionOf(a, b, c), wanted);
    expect(found).toEqual({ origin: 'c#2', verdict: 'discard', code: 'UNLIKELY_GAIN', title: 'first', score: expect.any(Number) });
    expect(triedElsewhere(unionOf(c, b, a), wanted)).toEqual(found);
    expect(triedElsewhere(unionOf(a, b), { ...wanted, node: 'b' })).toMatchObject({ origin: 'a#1' });
  });

  it('is, of two at once, known by the node whose name comes first', () => {
    const [b, c] = [new TestNode('b'), new TestNode('c')];
    for (const node of [b, c]) node.try(1, { key: 'k' });
    expect([unionOf(b, c), unionOf(c, b)].map((union) => triedElsewhere(union, wanted)?.origin)).toEqual(['b#1', 'b#1']);
  });

  it('is not known where it is another change, other hardware, only its own, or never measured', () => {
    const [a, b] = [new TestNode('a'), new TestNode('b')];
    a.try(1, { key: 'own' });
    b.try(1, { key: 'k', hardware: 'H100' });
    b.try(1, { key: 'lost', score: null, verdict: 'crash' });
    const union = unionOf(a, b);
    expect(['k', 'own', 'lost', 'another'].map((key) => triedElsewhere(union, { ...wanted, key }))).toEqual([null, null, null, null]);
    expect(triedElsewhere(union, { ...wanted, hardware: 'H100' })?.origin).toBe('b#1');
  });
});

describe('what agents are told', () => {
  it('is what failed elsewhere, the latest first, each idea once', () => {
    const [a, b] = [new TestNode('a'), new TestNode('b')];
    a.try(2, { title: 'of the asking node' });
    const keep = b.try(-3, { title: 'kept' });
    b.try(2, { title: 'twice' });
    b.try(0, { title: 'a control', kind: 'control' });
    b.try(0, { title: 'no memory', verdict: 'crash', score: null, delta: null });
    b.try(0, { title: 'no figure', delta: null, score: null });
    b.try(3, { title: 'twice' });
    a.read(b);
    const c = new TestNode('c');
    c.read(b);
    c.try(1, { title: 'of another', origin: `b#${keep.id}` });
    expect(digestOf(viewOf(unionOf(a, b, c)), 'a')).toEqual([
      'b#6 not kept (loss +0.03): twice',
      'b#5 not kept (UNLIKELY_GAIN): no figure',
      'b#4 crashed: no memory',
    ]);
  });

  it('ends with the characters that are left for it, and with the last few hundred experiments', () => {
    const [a, b] = [new TestNode('a'), new TestNode('b')];
    for (let i = 0; i < 3; i++) b.try(1, { title: `idea ${i}` });
    const view = viewOf(unionOf(a, b));
    const whole = digestOf(view, 'a');
    expect(whole).toHaveLength(3);
    const characters = whole.slice(0, 2).reduce((sum, line) => sum + line.length + 1, 0);
    expect(digestOf(view, 'a', { characters })).toEqual(whole.slice(0, 2));
    expect(digestOf(view, 'a', { characters: characters - 1 })).toEqual(whole.slice(0, 1));
    for (let i = 0; i < 400; i++) b.try(1, { title: 'again' });
    expect(digestOf(viewOf(unionOf(a, b)), 'a')).toHaveLength(1);
  });
});
