import fc from 'fast-check';
import { expect, it } from 'vitest';
import { overviewOf, swarmRows } from '../../src/swarm/overview.ts';
import { stateOf } from '../../src/swarm/state.ts';
import { SwarmUnion } from '../../src/swarm/union.ts';
import { renderSwarm } from '../../src/views/swarm.ts';
import { OPENING, swarms, TestNode } from './random-swarm.ts';

function stateOfNodes(nodes: readonly TestNode[]) {
  const union = new SwarmUnion(OPENING);
  for (const node of nodes) union.add(node.chain());
  return stateOf(union);
}

function example() {
  const [a, b, d] = [new TestNode('a'), new TestNode('b'), new TestNode('d')];
  const truth = a.try(-3);
  const lie = d.try(-30);
  b.read(a, d);
  b.try(-3, { origin: 'a#1', candidate: truth.candidate });
  b.try(0, { origin: 'd#1', candidate: lie.candidate });
  return stateOfNodes([a, b, d]);
}

it('says who confirmed whom, and what became of all claims', () => {
  const overview = overviewOf(example());
  expect(overview).toMatchObject({
    owners: 3,
    experiments: 7,
    counts: { keep: 3, discard: 1 },
    claims: { confirmed: 1, refuted: 1 },
    confirmations: [
      { of: 'a', by: 'b', supported: 1, contradicted: 0 },
      { of: 'd', by: 'b', supported: 0, contradicted: 1 },
    ],
  });
  expect(overview.keeps.find(({ origin }) => origin === 'd#1')).toMatchObject({
    status: 'refuted',
    by: [{ origin: 'b#2', supports: false }],
  });
  expect(swarmRows(example(), 2)).toMatchObject([
    { origin: 'b#1', owner: 'owner of b', verdict: 'keep', of: 'a#1' },
    { origin: 'b#2', verdict: 'discard', of: 'd#1' },
  ]);
});

it('counts nobody as against a claim who measured a commit that has it among what is confirmed already', () => {
  const [a, b, c] = [new TestNode('a'), new TestNode('b'), new TestNode('c')];
  const first = a.try(-3);
  const both = a.try(-3);
  b.read(a);
  b.try(-3, { origin: 'a#1', candidate: first.candidate });
  b.try(-3, { origin: 'a#2', candidate: both.candidate });
  c.read(a, b);
  c.try(-6, { origin: 'a#2', candidate: both.candidate });
  const { claims, confirmations } = overviewOf(stateOfNodes([a, b, c]));
  expect(claims).toMatchObject({ confirmed: 2 });
  expect(confirmations).toEqual([{ of: 'a', by: 'b', supported: 2, contradicted: 0 }]);
});

it('prints a line for each node', () => {
  const text = renderSwarm(overviewOf(example()), 'loss');
  expect(text).toContain('night: 3 nodes of 3 owners, 7 experiments');
  expect(text).toMatch(/incumbent: a#1 \(\w{7}\), loss −?-?0\.\d+/);
  expect(text).toMatch(/^d\s+owner of d\s+–\s+2\s+1\s+0\s+0\s+1\s/m);
  expect(text).toContain('b measured d again: 0 for it, 1 against');
});

it('is plain JSON, and counts every experiment once', () => {
  fc.assert(
    fc.property(swarms, (nodes) => {
      const state = stateOfNodes(nodes);
      const overview = overviewOf(state);
      expect(JSON.parse(JSON.stringify(overview))).toEqual(overview);
      expect(Object.values(overview.claims).reduce((sum, n) => sum + n, 0)).toBe(state.claims.length);
      expect(new Set(swarmRows(state).map(({ origin }) => origin)).size).toBe(overview.experiments);
    }),
    { numRuns: 30 },
  );
});
