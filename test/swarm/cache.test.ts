import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SwarmCache } from '../../src/swarm/cache.ts';
import { stateOf } from '../../src/swarm/state.ts';
import { SwarmUnion } from '../../src/swarm/union.ts';
import { OPENING, TestNode } from './random-swarm.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'swarm-cache-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const cacheIn = () => new SwarmCache(join(dir, 'swarm.jsonl'), join(dir, 'key'));

function twoNodes() {
  const [a, b] = [new TestNode('a'), new TestNode('b')];
  for (let i = 0; i < 700; i++) a.try(i % 50 === 0 ? -3 : 1);
  b.read(a);
  b.try(-2, { origin: 'a#1' });
  return [a, b];
}

function kept() {
  const nodes = twoNodes();
  const union = new SwarmUnion(OPENING);
  const cache = cacheIn();
  for (const node of nodes) cache.add(union, node.chain());
  cache.close();
  return { nodes, state: stateOf(union) };
}

function restored() {
  const union = new SwarmUnion(OPENING);
  const count = cacheIn().restore(union);
  return { union, count };
}

it('comes to the same state from the cache as from the ledgers', () => {
  const { nodes, state } = kept();
  const { union, count } = restored();
  expect(count).toBe(nodes.reduce((sum, { entries }) => sum + entries.length, 0));
  expect(stateOf(union)).toEqual(state);
});

it('reads again what stood in a line that was torn or forged', () => {
  const { nodes, state } = kept();
  const file = join(dir, 'swarm.jsonl');
  const lines = readFileSync(file, 'utf8').split('\n');
  // A better score for a line in the middle, and a line that a kill has cut.
  lines[0] = (lines[0] ?? '').replace('"score":1.01', '"score":0.5');
  writeFileSync(file, lines.join('\n'));
  appendFileSync(file, (lines[1] ?? '').slice(0, 1000));
  const { union } = restored();
  expect(stateOf(union).experiments).toHaveLength(1);
  const cache = cacheIn();
  for (const node of nodes) {
    const tip = union.tips[node.id];
    const from = node.entries.findIndex(({ commit }) => commit === tip) + 1;
    cache.add(union, node.chain(from));
  }
  cache.close();
  expect(stateOf(union)).toEqual(state);
  expect(stateOf(restored().union)).toEqual(state);
});

it('takes what is new into the union and writes nothing, where it is only read', () => {
  const { nodes } = kept();
  const [a] = nodes;
  const before = readFileSync(join(dir, 'swarm.jsonl'), 'utf8');
  const union = new SwarmUnion(OPENING);
  const cache = new SwarmCache(join(dir, 'swarm.jsonl'), join(dir, 'key'), { isReadOnly: true });
  const count = cache.restore(union);
  const length = a?.entries.length ?? 0;
  a?.try(1);
  if (a !== undefined) cache.add(union, a.chain(length));
  cache.close();
  expect([union.experiments.length, readFileSync(join(dir, 'swarm.jsonl'), 'utf8')]).toEqual([count - 2, before]);
});

it('is empty where there is none', () => {
  expect(restored().count).toBe(0);
});
