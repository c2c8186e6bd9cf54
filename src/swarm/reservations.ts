/**
 * Who is about to measure which change, so that two nodes do not do the same at the same time. No number depends on it: a reservation
 * that is lost, late or a lie costs a measurement, or delays one. No clock but our own is believed.
 */
import type { NodeId } from './model.ts';

export interface Reservation {
  readonly node: NodeId;
  /** The key of the change. */
  readonly key: string;
  readonly title: string;
}

/** As it is in a list at the remote. */
export interface ListedReservation extends Reservation {
  /** When it was made, in seconds, by the clock of its node. */
  readonly at: number;
}

/** As it is shown to people. */
export interface ShownReservation extends ListedReservation {
  readonly owner: string;
}

/** Reservations are in so many lists. */
export const PLACES = 8;

/** In each list the last ones of a node count, so that nobody has more than a few. */
const MOST_OF_A_NODE = 4;
/** So many changes are remembered. */
const MOST_KNOWN = 100_000;

const KEY = /^[0-9a-f]{16}$/;

export function isKey(text: unknown): text is string {
  return typeof text === 'string' && KEY.test(text);
}

/** The list that a change is in. */
export function placeOf(key: string): number {
  return Number.parseInt(key.slice(0, 1), 16) % PLACES;
}

export class Reservations {
  readonly #lastsMs: number;
  readonly #isOver: (reservation: Reservation) => boolean;
  readonly #now: () => number;
  readonly #lists = new Map<number, readonly Reservation[]>();
  /** When each change was first seen in a list: it is left to others for a time from then on, whoever reserves it how often. */
  readonly #firstSeen = new Map<string, number>();

  /** `isOver`: has its node measured it, or does its word not count? */
  constructor(lastsMs: number, isOver: (reservation: Reservation) => boolean, now: () => number = () => performance.now()) {
    this.#lastsMs = lastsMs;
    this.#isOver = isOver;
    this.#now = now;
  }

  /** What is in a list, the oldest first. */
  saw(place: number, entries: readonly Reservation[]): void {
    const here = entries.filter(({ key }) => placeOf(key) === place);
    const last = here.filter((one, at) => here.slice(at + 1).filter(({ node }) => node === one.node).length < MOST_OF_A_NODE);
    this.#lists.set(place, last);
    for (const { key } of last) if (!this.#firstSeen.has(key)) this.#firstSeen.set(key, this.#now());
    const [oldest] = this.#firstSeen.keys();
    if (this.#firstSeen.size > MOST_KNOWN && oldest !== undefined) this.#firstSeen.delete(oldest);
  }

  /** Who has reserved a change first, of those whose reservations stand; null where nobody has. */
  holderOf(key: string): Reservation | null {
    return (this.#lists.get(placeOf(key)) ?? []).find((one) => one.key === key && this.#stands(one)) ?? null;
  }

  /** All that stand. */
  get standing(): readonly Reservation[] {
    return [...this.#lists.values()].flat().filter((one) => this.#stands(one));
  }

  #stands(reservation: Reservation): boolean {
    const since = this.#firstSeen.get(reservation.key) ?? this.#now();
    return this.#now() - since < this.#lastsMs && !this.#isOver(reservation);
  }
}
