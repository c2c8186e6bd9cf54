/** One swarm of a size: its ledgers in a repository, a node that reads them with the real code, and what each step takes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SwarmCache } from '../../src/swarm/cache.ts';
import { readUnion, type Reading } from '../../src/swarm/net/read-union.ts';
import { syncOnce } from '../../src/swarm/net/sync.ts';
import { overviewOf, swarmRows } from '../../src/swarm/overview.ts';
import { viewOf } from '../../src/swarm/state.ts';
import { SwarmUnion } from '../../src/swarm/union.ts';
import { renderSwarm } from '../../src/views/swarm.ts';
import { makeReader, makeRemote } from './repositories.ts';
import { growthOf, syncsOf, type Syncs } from './syncs.ts';
import { cpuSeconds, seconds, secondsOf } from './time.ts';

export interface Figures {
  readonly nodes: number;
  readonly experiments: number;
  /** Seconds. The first sync: fetching, and looking at all signatures and sizes. */
  readonly clone: number;
  /** Reading and folding all that has come, and writing the cache. */
  readonly read: number;
  /** Of this process's own processor time, which other programs on the machine do not change. */
  readonly fromCache: number;
  /** A command that begins with nothing but the repository and the cache. */
  readonly again: number;
  readonly status: number;
  readonly log: number;
  readonly page: number;
  readonly pageBytes: number;
  /** With one pack of each node at the remote, and after its `git gc`. */
  readonly many: Syncs;
  readonly packed: Syncs;
}

const LAST = 2000;

export async function measureScale(nodes: number, experiments: number): Promise<Figures> {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-swarm-'));
  try {
    return await measureIn(dir, nodes, experiments);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measureIn(dir: string, nodes: number, experiments: number): Promise<Figures> {
  const { key, join: joinIt } = await makeReader(join(dir, 'reader'));
  const remote = await makeRemote(join(dir, 'remote.git'), nodes, key);
  const each = Math.floor(experiments / nodes);
  for (let node = 0; node < nodes; node++) await remote.grow(node, 0, each);
  const reader = await joinIt(remote);
  const { place } = reader;

  const clone = await secondsOf(() => syncOnce(place, remote.opening));
  const cacheHere = () => new SwarmCache(join(dir, 'cache.jsonl'), join(dir, 'key'));
  const cache = cacheHere();
  let reading: Reading | null = null;
  const read = await secondsOf(async () => {
    reading = await readUnion(place, remote.opening, cache);
    viewOf(reading.union);
  });
  if (reading === null) throw new Error('nothing was read');
  const { union }: Reading = reading;
  const fromCache = cpuSeconds(() => {
    const restored = new SwarmUnion(union.opening);
    cacheHere().restore(restored);
    viewOf(restored);
  });
  const again = await secondsOf(async () => viewOf((await readUnion(place, remote.opening, cacheHere())).union));
  const view = viewOf(union);
  const status = seconds(() => renderSwarm(overviewOf(view.state), 'val_bpb'));
  const log = seconds(() => JSON.stringify(swarmRows(view.state)));
  let pageBytes = 0;
  const page = seconds(() => {
    pageBytes = JSON.stringify({ ...overviewOf(view.state), rows: swarmRows(view.state, LAST) }).length;
  });
  const count = view.state.experiments.length;
  const rounds = { nodes, remote, reader, reading };
  const many = await syncsOf({ ...rounds, from: each });
  remote.pack();
  const packed = await syncsOf({ ...rounds, from: each + growthOf(nodes).each });
  cache.close();
  if (union.experiments.length !== nodes * each + 2 * growthOf(nodes).all)
    throw new Error(`${union.experiments.length} experiments are there`);
  return { nodes, experiments: count, clone, read, fromCache, again, status, log, page, pageBytes, many, packed };
}
