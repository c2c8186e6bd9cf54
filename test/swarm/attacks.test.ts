/** Whatever one node writes, the numbers that others show stay as they are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeChain, SwarmState } from '../../src/swarm/model.ts';
import { stateOf, viewOf } from '../../src/swarm/state.ts';
import { digestOf } from '../../src/swarm/tried.ts';
import { SwarmUnion } from '../../src/swarm/union.ts';
import { ATTACKS, draws } from './attackers.ts';
import { OPENING, swarmOf, TestNode } from './random-swarm.ts';

const HONEST = ['a', 'b', 'c'];

/** All that is shown of honest nodes, and of the swarm as a whole. */
function numbersOf({ incumbents, claims, nodes, experiments }: SwarmState) {
  const isHonest = (node: string) => HONEST.includes(node);
  return {
    incumbents,
    claims: claims.filter(({ origin }) => isHonest(origin.split('#')[0] ?? '')),
    nodes: nodes.filter(({ id }) => isHonest(id)),
    experiments: experiments.filter(({ node }) => isHonest(node)),
  };
}

function stateAfter(chains: readonly NodeChain[]): SwarmState {
  const union = new SwarmUnion(OPENING);
  for (const chain of chains) union.add(chain);
  return stateOf(union);
}

describe.each(ATTACKS)('$name, listed: $isListed', ({ name, isListed, play }) => {
  it('changes no number of others', () => {
    fc.assert(
      fc.property(swarmOf(HONEST), draws, fc.boolean(), (honest, draw, isLate) => {
        const chains = honest.map((node) => node.chain());
        const attacker = new TestNode(isListed ? 'd' : 'guest');
        const before = numbersOf(stateAfter([...chains, attacker.chain()]));
        const attack = play(attacker, honest, draw);
        const after = numbersOf(stateAfter(isLate ? [...chains, ...attack] : [...attack, ...chains]));
        expect(after).toEqual(before);
      }),
      { numRuns: name === 'ten thousand ledgers' ? 2 : 25 },
    );
  });
});

it('cannot tell who was first where a listed node copies a commit and hides what it has read: the claim stays, under its name', () => {
  const [thief, a, b] = [new TestNode('d'), new TestNode('a'), new TestNode('b')];
  a.read(b);
  const found = a.try(-3);
  const before = stateAfter([a.chain(), b.chain(), thief.chain()]);
  thief.write(found);
  const after = stateAfter([a.chain(), b.chain(), thief.chain()]);
  expect([before, after].map(({ claims }) => claims.map(({ origin }) => origin))).toEqual([['a#1'], ['d#1']]);
  const [stolen] = after.claims;
  expect(before.claims).toMatchObject([{ commit: found.candidate, effect: stolen?.effect, sd: stolen?.sd, status: stolen?.status }]);
  expect(after.nodes.find(({ id }) => id === 'a')?.problems).toMatchObject([{ code: 'COPIED' }]);
});

it('shows no text of others that a terminal or a page could obey', () => {
  for (const { play } of ATTACKS) {
    const [a, attacker] = [new TestNode('a'), new TestNode('guest')];
    const chains = play(attacker, [a], { effect: 50, count: 2, place: 0, json: '\u001b[1m<b>' });
    if (chains.length > 100) continue;
    a.read(attacker);
    const union = new SwarmUnion(OPENING);
    for (const chain of [a.chain(), ...chains]) union.add(chain);
    const view = viewOf(union);
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    expect([JSON.stringify(view.state), ...digestOf(view, 'a')].join('\n')).not.toMatch(/\\u00|\u001b|\u202e/);
  }
});

it('gives a refuted lie no weight, and says so', () => {
  const [liar, a, b] = [new TestNode('d'), new TestNode('a'), new TestNode('b')];
  const truth = b.try(-3);
  const lie = liar.try(-30);
  a.read(liar, b);
  a.try(0, { origin: `d#${lie.id}`, candidate: lie.candidate });
  a.try(-3, { origin: `b#${truth.id}`, candidate: truth.candidate });
  const state = stateAfter([liar.chain(), a.chain(), b.chain()]);
  expect(state.claims.map(({ origin, status }) => [origin, status])).toEqual([
    ['b#1', 'confirmed'],
    ['d#1', 'refuted'],
  ]);
  expect(state.incumbents['']).toMatchObject({ origin: 'b#1', changes: ['b#1'] });
  const weights = Object.fromEntries(state.nodes.map(({ id, weight }) => [id, weight]));
  expect(weights['d']).toBeLessThan(0.25);
  expect(weights['b']).toBeGreaterThan(0.5);
});

it('lets no single owner undo what another one has confirmed, nor move its number', () => {
  const [liar, a, b] = [new TestNode('d'), new TestNode('a'), new TestNode('b')];
  const truth = b.try(-3);
  a.read(b);
  a.try(-3, { origin: 'b#1', candidate: truth.candidate });
  const before = stateAfter([a.chain(), b.chain(), liar.chain()]);
  liar.read(a, b);
  for (let i = 0; i < 5; i++) liar.try(60, { origin: 'b#1', candidate: truth.candidate });
  const after = stateAfter([a.chain(), b.chain(), liar.chain()]);
  expect(after.incumbents).toEqual(before.incumbents);
  expect(after.claims[0]).toMatchObject({ status: 'confirmed', effect: before.claims[0]?.effect });
  expect(after.nodes.find(({ id }) => id === 'd')).toMatchObject({ contradicted: 1 });
  expect(after.nodes.find(({ id }) => id === 'd')?.weight).toBeLessThan(0.25);
});

it('asks two listed owners for the claim of a guest', () => {
  const [guest, a, b] = [new TestNode('guest'), new TestNode('a'), new TestNode('b')];
  const found = guest.try(-3);
  a.read(guest);
  a.try(-3, { origin: 'guest#1', candidate: found.candidate });
  expect(stateAfter([guest.chain(), a.chain(), b.chain()]).claims[0]).toMatchObject({ origin: 'guest#1', status: 'claimed' });
  b.read(guest);
  b.try(-3, { origin: 'guest#1', candidate: found.candidate });
  expect(stateAfter([guest.chain(), a.chain(), b.chain()]).claims[0]).toMatchObject({ origin: 'guest#1', status: 'confirmed' });
});

it('lets a node that may only confirm claim nothing', () => {
  const [a, b] = [new TestNode('a'), new TestNode('b')];
  a.try(-3);
  const union = new SwarmUnion({ ...OPENING, nodes: { ...OPENING.nodes, a: { owner: 'x', key: '', may: ['confirm'] } } });
  for (const node of [a, b]) union.add(node.chain());
  expect(stateOf(union).claims).toEqual([]);
});
