/** Reserves changes at the remote before they are measured, and knows what others have reserved. Without the remote nothing is reserved. */
import { advanceRef, fetchRefs } from '../../git/remote/refs.ts';
import type { RemoteOptions } from '../../git/remote/open.ts';
import { Turns } from '../../turns.ts';
import type { NodeId } from '../model.ts';
import { isKey, placeOf, PLACES, Reservations, type Reservation } from '../reservations.ts';
import { Backoff } from './backoff.ts';
import { layoutOf, local } from './layout.ts';
import { remoteOf, type SwarmPlace } from './place.ts';
import { readReservations, writeReservation } from './reserved-list.ts';

export interface ReserverInput {
  readonly place: SwarmPlace;
  /** How long a change is left to who has reserved it, in milliseconds. */
  readonly lastsMs: number;
  readonly isOver: (reservation: Reservation) => boolean;
  /** A node's public key; null for one whose word does not count. */
  readonly keyOf: (node: NodeId) => Promise<string | null>;
  readonly now?: () => number;
  /** No measurement waits longer than that for its reservation. */
  readonly waitMs?: number;
}

const WAIT_MS = 5000;
/** A sync beside the loop has more time. */
const LOOK_MS = 30_000;
/** How often it is tried again where others were faster. */
const TRIES = 4;

export class Reserver {
  readonly #input: ReserverInput;
  readonly #reservations: Reservations;
  /** By place, the commit up to which a list was read. */
  readonly #tips = new Map<number, string>();
  /** By place: a list that cannot be used does not hinder the others. */
  readonly #pauses: readonly Backoff[];
  /** Git locks a ref while it moves. */
  readonly #turns = new Turns();

  constructor(input: ReserverInput) {
    const { lastsMs, isOver, now } = input;
    this.#input = input;
    this.#reservations = new Reservations(lastsMs, isOver, now);
    this.#pauses = Array.from({ length: PLACES }, () => new Backoff(0, now));
  }

  /** Of other nodes, as far as it is known here. */
  get others(): readonly Reservation[] {
    return this.#reservations.standing.filter(({ node }) => node !== this.#input.place.self);
  }

  /** Reads the lists that have grown, by what the remote has listed. What fails is tried again with the next sync. */
  async look(listed: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
    const { run, namespace } = this.#input.place;
    const layout = layoutOf(run, namespace);
    const moved = Array.from({ length: PLACES }, (_, place) => place).filter((place) => {
      const there = listed.get(layout.reserved(place));
      return there !== undefined && there !== this.#tips.get(place);
    });
    const isRead = await this.#tryRead(moved, signal);
    // One that cannot be read does not hinder the others.
    if (!isRead && moved.length > 1) for (const place of moved) await this.#tryRead([place], signal);
  }

  async #tryRead(places: readonly number[], signal: AbortSignal): Promise<boolean> {
    if (places.length === 0 || signal.aborted) return true;
    const options = { signal: AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]) };
    const reading = this.#turns.take(() => this.#read(places, options));
    return reading.then(() => true, () => false); // prettier-ignore
  }

  /** Reserves a change; gives whose it is where another node was first. Null also where the remote does not answer in time. */
  async reserve(change: Pick<Reservation, 'key' | 'title'>, signal: AbortSignal): Promise<Reservation | null> {
    if (!isKey(change.key)) return null;
    const limit = AbortSignal.timeout(this.#input.waitMs ?? WAIT_MS);
    return this.#turns.take(() => this.#reserve(change, { signal: AbortSignal.any([signal, limit]) }));
  }

  async #reserve(change: Pick<Reservation, 'key' | 'title'>, options: RemoteOptions): Promise<Reservation | null> {
    const place = placeOf(change.key);
    const pause = this.#pauses[place];
    const known = this.#otherHolder(change.key);
    if (known !== null || pause?.isDue !== true) return known;
    try {
      for (let tries = 0; tries < TRIES; tries++) {
        if (await this.#append(place, change, options)) break;
        await this.#read([place], options);
        const holder = this.#otherHolder(change.key);
        if (holder !== null) return holder;
      }
      pause.succeeded();
    } catch {
      pause.failed();
    }
    return null;
  }

  #otherHolder(key: string): Reservation | null {
    const holder = this.#reservations.holderOf(key);
    return holder === null || holder.node === this.#input.place.self ? null : holder;
  }

  /** Adds an entry to a list, if the list is still as it was read. */
  async #append(place: number, change: Pick<Reservation, 'key' | 'title'>, options: RemoteOptions): Promise<boolean> {
    const { place: at } = this.#input;
    const commit = await writeReservation(at, change, this.#tips.get(place) ?? null);
    if (!(await advanceRef(remoteOf(at, options), layoutOf(at.run, at.namespace).reserved(place), commit))) return false;
    await at.repository.git.run(['update-ref', local.reserved(at.run, place), commit]);
    await this.#take(place, commit);
    return true;
  }

  async #read(places: readonly number[], options: RemoteOptions): Promise<void> {
    const { place: at } = this.#input;
    const layout = layoutOf(at.run, at.namespace);
    const here = places.map((place) => local.reserved(at.run, place));
    await fetchRefs(remoteOf(at, options), new Map(places.map((place, n) => [layout.reserved(place), here[n] ?? ''])));
    const tips = (await at.repository.git.run(['rev-parse', ...here])).split('\n');
    for (const [n, place] of places.entries()) await this.#take(place, tips[n] ?? '');
  }

  async #take(place: number, tip: string): Promise<void> {
    const { place: at, keyOf } = this.#input;
    this.#reservations.saw(place, await readReservations(at.repository.git, tip, keyOf));
    this.#tips.set(place, tip);
  }
}
