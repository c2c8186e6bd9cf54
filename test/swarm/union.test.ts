import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stateOf } from '../../src/swarm/state.ts';
import { SwarmUnion } from '../../src/swarm/union.ts';
import type { NodeChain } from '../../src/swarm/model.ts';
import { OPENING, swarms, TestNode } from './random-swarm.ts';

function stateAfter(chains: readonly NodeChain[]) {
  const union = new SwarmUnion(OPENING);
  for (const chain of chains) {
    union.add(chain);
    // Asking in between must not change what comes of it.
    stateOf(union);
  }
  return stateOf(union);
}

/** Cuts every ledger into parts, in any order. */
function arrivals(nodes: readonly TestNode[]): fc.Arbitrary<NodeChain[]> {
  const parts = fc.tuple(
    ...nodes.map((node) =>
      fc.array(fc.nat(node.entries.length), { maxLength: 4 }).map((cuts) => {
        const places = [0, ...cuts, node.entries.length].toSorted((x, y) => x - y);
        return places.slice(1).map((to, i) => node.chain(places[i], to));
      }),
    ),
  );
  return parts.chain((all) => fc.shuffledSubarray(all.flat(), { minLength: all.flat().length }));
}

it('comes to the same state whatever the order of arrival and the split into syncs', () => {
  fc.assert(
    fc.property(
      swarms.chain((nodes) => fc.tuple(fc.constant(nodes), arrivals(nodes))),
      ([nodes, arrived]) => {
        const whole = stateAfter(nodes.map((node) => node.chain()));
        expect(stateAfter(arrived)).toEqual(whole);
        expect(stateAfter([...arrived, ...arrived])).toEqual(whole);
      },
    ),
    { numRuns: 60 },
  );
});

it('puts everything after what its node had seen', () => {
  fc.assert(
    fc.property(swarms, (nodes) => {
      const union = new SwarmUnion(OPENING);
      for (const node of nodes) union.add(node.chain());
      const place = new Map(union.experiments.map(({ entry }, index) => [entry, index]));
      for (const node of nodes) {
        let seen = -1;
        for (const { commit, record } of node.entries) {
          if (record.kind === 'synced') {
            const read = Object.entries((record as { seen: Record<string, string> }).seen);
            for (const [other, tip] of read) {
              const entries = nodes.find(({ id }) => id === other)?.entries ?? [];
              const known = entries.slice(0, entries.findIndex((entry) => entry.commit === tip) + 1);
              seen = Math.max(seen, ...known.map((entry) => place.get(entry.commit) ?? -1));
            }
          }
          const own = place.get(commit);
          if (own === undefined) continue;
          expect(own).toBeGreaterThan(seen);
          seen = own;
        }
      }
    }),
    { numRuns: 60 },
  );
});

it('lets entries wait until what their node had seen has arrived', () => {
  const [a, b] = [new TestNode('a'), new TestNode('b')];
  b.try(-3);
  a.read(b);
  a.try(-2);
  const union = new SwarmUnion(OPENING);
  union.add(a.chain());
  expect(union.waiting).toBe(2);
  expect(stateOf(union).experiments.map(({ node, id }) => `${node}#${id}`)).toEqual(['a#0']);
  union.add(b.chain());
  expect(union.waiting).toBe(0);
  expect(stateOf(union).experiments.map(({ node, id }) => `${node}#${id}`)).toEqual(['a#0', 'b#0', 'b#1', 'a#1']);
});
