/** Who measures what, as far as it is known here: for people to see. Nodes ask with their own clock, in `reserver.ts`. */
import { swarmOf } from '../../config/swarm-rules.ts';
import { parseDuration } from '../../duration.ts';
import type { RemoteOptions } from '../../git/remote/open.ts';
import { fetchRefs } from '../../git/remote/refs.ts';
import { PLACES, Reservations, type ListedReservation, type ShownReservation } from '../reservations.ts';
import type { SwarmUnion } from '../union.ts';
import { keyOf } from './key-of.ts';
import { layoutOf, local } from './layout.ts';
import type { Opening } from './opening.ts';
import { remoteOf, type SwarmPlace } from './place.ts';
import { readReservations } from './reserved-list.ts';

/**
 * The reservations that stand, by list and in the order of each. What was reserved longer ago than a reservation lasts is left out,
 * by the clock of the node that did it: when it came to be known here, no command remembers.
 */
export async function readReserved(place: SwarmPlace, opening: Opening, union: SwarmUnion, now = Date.now()): Promise<ShownReservation[]> {
  const { run, repository } = place;
  const { git } = repository;
  const lastsMs = parseDuration(swarmOf(opening.facts.config).reserve);
  const out = await git.run(['for-each-ref', '--format=%(objectname) %(refname)', local.reservedLists(run)]);
  const tips = new Map(out.split('\n').map((line) => line.split(' ')).map(([tip = '', ref = '']) => [ref, tip])); // prettier-ignore
  const listed: ListedReservation[] = [];
  const reservations = new Reservations(lastsMs, ({ node, key }) => union.withKey(key).some((one) => one.node === node));
  for (let list = 0; list < PLACES; list++) {
    const tip = tips.get(local.reserved(run, list));
    if (tip === undefined) continue;
    // A list that is none says nothing, as for nodes.
    const entries = await readReservations(git, tip, (node) => keyOf(place, opening, union, node)).catch(() => []);
    reservations.saw(list, entries);
    listed.push(...entries);
  }
  return listed
    .filter((one) => reservations.holderOf(one.key) === one && Math.abs(now - one.at * 1000) < lastsMs)
    .map((one) => ({ ...one, owner: union.ledgers.get(one.node)?.owner ?? one.node }));
}

/** Brings the lists here that have moved, by what the remote has listed. */
export async function fetchReserved(place: SwarmPlace, listed: ReadonlyMap<string, string>, options: RemoteOptions = {}): Promise<void> {
  const layout = layoutOf(place.run, place.namespace);
  const lists = Array.from({ length: PLACES }, (_, list) => [layout.reserved(list), local.reserved(place.run, list)] as const);
  await fetchRefs(remoteOf(place, options), new Map(lists.filter(([there]) => listed.has(there))));
}
