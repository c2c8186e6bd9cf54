/** One swarm of a size: its ledgers in a repository, a node that reads them with the real code, and what each step takes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SwarmCache } from '../../src/swarm/cache.ts';
import { fetchRefs } from '../../src/git/remote/refs.ts';
import { ledgersHere, look } from '../../src/swarm/net/fetch.ts';
import { local } from '../../src/swarm/net/layout.ts';
import { remoteOf } from '../../src/swarm/net/place.ts';
import { newsIn, readOwn, readUnion, takeIn, writtenIn, type Reading } from '../../src/swarm/net/read-union.ts';
import { syncOnce } from '../../src/swarm/net/sync.ts';
import { overviewOf, swarmRows } from '../../src/swarm/overview.ts';
import { viewOf } from '../../src/swarm/state.ts';
import { SwarmUnion } from '../../src/swarm/union.ts';
import { renderSwarm } from '../../src/views/swarm.ts';
import { git, makeReader, makeRemote, type Reader, type Remote } from './repositories.ts';
import { nodeName, refOf, RUN } from './synthetic.ts';
import { cpuSeconds, median, seconds, secondsOf } from './time.ts';

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

/** Seconds. */
export interface Syncs {
  /** A fetch that brings nothing: as nodes fetch, and with git alone. */
  readonly empty: number;
  readonly bareEmpty: number;
  /** Fetching 100 new entries with git alone; and all of a sync: asking, fetching, looking at them, folding, and the state. */
  readonly bareFetch: number;
  readonly sync: number;
}

const NEW = 100;
const GROWING = 10;
const ROUNDS = 7;
/** Experiments that come while syncs are timed. */
const GROWTH = 2 * ROUNDS * NEW;
const LAST = 2000;
const FETCH = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];
const REFSPEC = `+refs/autoresearch/${RUN}/nodes/n*:${local.incomings(RUN)}n*`;

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
  const packed = await syncsOf({ ...rounds, from: each + GROWTH / Math.min(nodes, GROWING) });
  cache.close();
  if (union.experiments.length !== nodes * each + 2 * GROWTH) throw new Error(`${union.experiments.length} experiments are there`);
  return { nodes, experiments: count, clone, read, fromCache, again, status, log, page, pageBytes, many, packed };
}

interface Syncing {
  readonly nodes: number;
  readonly remote: Remote;
  readonly reader: Reader;
  readonly reading: Reading;
  readonly from: number;
}

/** In turns: a fetch that brings nothing, a sync of 100 new entries, and fetching as many with git alone. */
async function syncsOf({ nodes, remote, reader, reading, from }: Syncing): Promise<Syncs> {
  const { place, append } = reader;
  const { git: here, top } = place.repository;
  const { union } = reading;
  const bareFetch = () => git(top, ...FETCH, place.remote, REFSPEC);
  const refs = new Map(Array.from({ length: nodes }, (_, node) => [refOf(node), local.incoming(RUN, nodeName(node))]));
  const grown = Math.min(nodes, GROWING);
  let next = from;
  const grow = async () => {
    for (let node = 0; node < grown; node++) await remote.grow(node, next, next + NEW / grown);
    next += NEW / grown;
  };
  /** As after an experiment: what was read of others is said in the own ledger, which the next sync publishes. */
  const settle = async () => {
    const news = newsIn(union, await writtenIn(place, union), place.self);
    if (news !== null) await append(news);
    await syncOnce(place, remote.opening);
    await readOwn(place, reading);
  };
  await settle();
  const [empty, bareEmpty, fetched, synced]: [number[], number[], number[], number[]] = [[], [], [], []];
  const fetchNothing = async () => {
    empty.push(await secondsOf(() => fetchRefs(remoteOf(place, {}), refs)));
    bareEmpty.push(seconds(bareFetch));
  };
  for (let round = 0; round < ROUNDS; round++) {
    await fetchNothing();
    await grow();
    synced.push(
      await secondsOf(async () => {
        const { nodes: came } = await syncOnce(place, remote.opening);
        await takeIn(here, reading, came);
        viewOf(union);
      }),
    );
    await settle();
    await fetchNothing();
    await grow();
    fetched.push(seconds(bareFetch));
    const { incoming, counted } = await ledgersHere(here, RUN);
    const there = [...incoming].flatMap(([id, tip]) => (tip === counted.get(id) ? [] : [{ id, tip }]));
    await takeIn(here, reading, await look(here, { run: RUN, opening: remote.opening, counted }, there));
    await settle();
  }
  return { empty: median(empty), bareEmpty: median(bareEmpty), bareFetch: median(fetched), sync: median(synced) };
}
