/** Syncs of new entries, beside fetches that bring nothing, and what git alone takes for either. */
import { fetchRefs } from '../../src/git/remote/refs.ts';
import { ledgersHere, look } from '../../src/swarm/net/fetch.ts';
import { local } from '../../src/swarm/net/layout.ts';
import { remoteOf } from '../../src/swarm/net/place.ts';
import { newsIn, readOwn, takeIn, writtenIn, type Reading } from '../../src/swarm/net/read-union.ts';
import { syncOnce } from '../../src/swarm/net/sync.ts';
import { viewOf } from '../../src/swarm/state.ts';
import { git, type Reader, type Remote } from './repositories.ts';
import { nodeName, refOf, RUN } from './synthetic.ts';
import { middle, takenBy, type Taken } from './time.ts';

export interface Syncs {
  /** A fetch that brings nothing: as nodes fetch, and with git alone. */
  readonly empty: Taken;
  readonly bareEmpty: Taken;
  /** Fetching 100 new entries with git alone; and all of a sync: asking, fetching, looking at them, folding, and the state. */
  readonly bareFetch: Taken;
  readonly sync: Taken;
}

const NEW = 100;
const GROWING = 10;
const ROUNDS = 7;
const FETCH = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];
const REFSPEC = `+refs/autoresearch/${RUN}/nodes/n*:${local.incomings(RUN)}n*`;

/** How many experiments come meanwhile: all together, and of each node that grows. */
export function growthOf(nodes: number): { readonly all: number; readonly each: number } {
  const all = 2 * ROUNDS * NEW;
  return { all, each: all / Math.min(nodes, GROWING) };
}

interface Syncing {
  readonly nodes: number;
  readonly remote: Remote;
  readonly reader: Reader;
  readonly reading: Reading;
  readonly from: number;
}

/** In turns: a fetch that brings nothing, a sync of 100 new entries, and fetching as many with git alone. */
export async function syncsOf({ nodes, remote, reader, reading, from }: Syncing): Promise<Syncs> {
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
  const [empty, bareEmpty, fetched, synced]: [Taken[], Taken[], Taken[], Taken[]] = [[], [], [], []];
  const fetchNothing = async () => {
    empty.push(await takenBy(() => fetchRefs(remoteOf(place, {}), refs)));
    bareEmpty.push(await takenBy(bareFetch));
  };
  for (let round = 0; round < ROUNDS; round++) {
    await fetchNothing();
    await grow();
    synced.push(
      await takenBy(async () => {
        const { nodes: came } = await syncOnce(place, remote.opening);
        await takeIn(here, reading, came);
        viewOf(union);
      }),
    );
    await settle();
    await fetchNothing();
    await grow();
    fetched.push(await takenBy(bareFetch));
    const { incoming, counted } = await ledgersHere(here, RUN);
    const there = [...incoming].flatMap(([id, tip]) => (tip === counted.get(id) ? [] : [{ id, tip }]));
    await takeIn(here, reading, await look(here, { run: RUN, opening: remote.opening, counted }, there));
    await settle();
  }
  return { empty: middle(empty), bareEmpty: middle(bareEmpty), bareFetch: middle(fetched), sync: middle(synced) };
}
