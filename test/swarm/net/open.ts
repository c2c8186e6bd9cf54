/** A node as the loop has it, over a ledger that a test has written. */
import { join } from 'node:path';
import { keyFileOf } from '../../../src/ledger/wal.ts';
import { SwarmCache } from '../../../src/swarm/cache.ts';
import { SwarmNode, type NodeInput } from '../../../src/swarm/net/swarm-node.ts';
import { RUN, type TestNode } from './world.ts';

export async function openSwarmNode(
  { place, opening }: TestNode,
  options: Partial<NodeInput> = {},
): Promise<{ readonly node: SwarmNode; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const runDir = join(place.repository.stateDir, RUN);
  const node = await SwarmNode.open({
    place,
    opening,
    facts: { node: place.self, owner: place.owner, key: place.key.publicKey, opening: opening.id },
    trials: 1,
    islands: 1,
    everyMs: 0,
    reserveMs: 1_800_000,
    cache: new SwarmCache(join(runDir, 'swarm.jsonl'), keyFileOf(runDir)),
    log: { info: () => undefined, warn: (text) => warnings.push(text), debug: () => undefined },
    ...options,
  });
  return { node, warnings };
}
