import { expect, it } from 'vitest';
import type { SwarmOpening } from '../../src/swarm/model.ts';
import { DEFAULT_PRIOR, posterior, scalePrior } from '../../src/stats.ts';
import { stateOf } from '../../src/swarm/state.ts';
import { SwarmUnion } from '../../src/swarm/union.ts';
import { OPENING, SIGMA, TestNode } from './random-swarm.ts';

function claimsOf(nodes: readonly TestNode[], opening: SwarmOpening = OPENING) {
  const union = new SwarmUnion(opening);
  for (const node of nodes) union.add(node.chain());
  return stateOf(union).claims;
}

it('has each claim with who measured it again, and what came of that', () => {
  const [a, b, c] = [new TestNode('a'), new TestNode('b'), new TestNode('c')];
  const keep = a.try(-6, { title: 'halve the rate', hardware: 'H100' });
  const [alone] = claimsOf([a]);
  expect(alone).toMatchObject({
    origin: 'a#1',
    owner: 'owner of a',
    commit: keep.candidate,
    title: 'halve the rate',
    hardware: 'H100',
    status: 'claimed',
    by: [],
  });
  for (const node of [b, c]) node.read(a);
  b.try(-6, { origin: 'a#1', candidate: keep.candidate, hardware: 'H100' });
  c.try(4, { origin: 'a#1', candidate: keep.candidate, hardware: 'H100' });
  const [claim] = claimsOf([a, b, c]);
  expect(claim?.by).toEqual([
    { origin: 'b#1', owner: 'owner of b', supports: true },
    { origin: 'c#1', owner: 'owner of c', supports: false },
  ]);
});

it('tells the effect of a claim by itself until another owner has measured it, then of all together', () => {
  const [a, b] = [new TestNode('a'), new TestNode('b')];
  const keep = a.try(-6);
  const [alone] = claimsOf([a]);
  // Shrunk towards nothing, and by no more because the node is new.
  const { E, V, pGain } = posterior(-6 * SIGMA, SIGMA ** 2 / 2, 0, scalePrior(DEFAULT_PRIOR, SIGMA));
  expect(alone).toMatchObject({ effect: E, sd: Math.sqrt(V), pGain });
  expect(E).toBeGreaterThan(-6 * SIGMA);
  expect(alone?.pGain).toBeGreaterThan(0.9);
  b.read(a);
  b.try(-6, { origin: 'a#1', candidate: keep.candidate });
  const [together] = claimsOf([a, b]);
  expect(together?.status).toBe('confirmed');
  expect(together?.sd).toBeLessThan(alone?.sd ?? 0);
  expect(together?.pGain).toBeGreaterThan(alone?.pGain ?? 1);
});

it('has the sign of the score: a gain of what is maximized is above 0', () => {
  const a = new TestNode('a');
  a.try(6, { verdict: 'keep', reason: { code: 'LIKELY_GAIN', text: '' } });
  const [up] = claimsOf([a], { ...OPENING, objective: { label: 'accuracy', direction: 'maximize' } });
  expect(up?.effect).toBeGreaterThan(3 * SIGMA);
});
