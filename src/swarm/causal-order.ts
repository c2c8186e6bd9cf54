/**
 * The entries of all ledgers in causal order. Each gets a Lamport clock that follows from the commits alone: larger than that of the
 * entry before it in its ledger, and than those its node had seen. So every node computes the same order, no clock on a wall is
 * used, and what arrives later never changes the clock of what is there.
 */
import type { Taken } from './compact.ts';
import type { NodeId } from './model.ts';

export interface Placed {
  readonly node: NodeId;
  readonly taken: Taken;
  readonly clock: number;
  readonly position: number;
}

interface Arrived {
  readonly node: NodeId;
  readonly taken: Taken;
  /** The commit before it in its ledger. */
  readonly after: string | null;
  /** Entries that it needs and that are not placed yet. */
  missing: number;
  placed: Placed | null;
}

/** What has arrived of one ledger, by commit. A commit that stands in two ledgers is two entries. */
interface Arrivals {
  readonly entries: Map<string, Arrived>;
  /** Entries that wait, by the commit that they wait for. */
  readonly waiting: Map<string, Arrived[]>;
  /** Commits by the commit right before them, null for the start of a ledger. More than one after the same commit is a fork. */
  readonly next: Map<string | null, readonly string[]>;
}

const NOTHING: readonly string[] = [];

export class CausalOrder {
  readonly #ledgers = new Map<NodeId, Arrivals>();
  readonly #onPlaced: (placed: Placed) => void;
  #unplaced = 0;

  constructor(onPlaced: (placed: Placed) => void) {
    this.#onPlaced = onPlaced;
  }

  /** Entries that have arrived and wait for others. */
  get waiting(): number {
    return this.#unplaced;
  }

  /** Adds an entry; false if it is there already. */
  add(node: NodeId, taken: Taken, after: string | null): boolean {
    const { commit, seen } = taken;
    const { entries, next } = this.#of(node);
    if (entries.has(commit)) return false;
    const arrived: Arrived = { node, taken, after, missing: 0, placed: null };
    entries.set(commit, arrived);
    this.#unplaced++;
    const others = next.get(after);
    next.set(after, others === undefined ? [commit] : [...others, commit]);
    if (after !== null) this.#need(arrived, node, after);
    for (const [other, read] of seen ?? []) this.#need(arrived, other, read);
    if (arrived.missing === 0) this.#place(arrived);
    return true;
  }

  #need(arrived: Arrived, node: NodeId, commit: string): void {
    const { entries, waiting } = this.#of(node);
    if (entries.get(commit)?.placed) return;
    arrived.missing++;
    const queue = waiting.get(commit);
    if (queue === undefined) waiting.set(commit, [arrived]);
    else queue.push(arrived);
  }

  /** The commits right after an entry of a ledger; with null, its first ones. More than one is a fork. */
  after(node: NodeId, commit: string | null): readonly string[] {
    return this.#of(node).next.get(commit) ?? NOTHING;
  }

  /** An entry with its place; null while it waits for others, or has not arrived. */
  placed(node: NodeId, commit: string): Placed | null {
    return this.#of(node).entries.get(commit)?.placed ?? null;
  }

  #of(node: NodeId): Arrivals {
    const known = this.#ledgers.get(node);
    if (known !== undefined) return known;
    const arrivals: Arrivals = { entries: new Map(), waiting: new Map(), next: new Map() };
    this.#ledgers.set(node, arrivals);
    return arrivals;
  }

  #place(first: Arrived): void {
    const queue = [first];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const { node, taken, after } = next;
      const before = after === null ? null : this.placed(node, after);
      const clocks = (taken.seen ?? []).map(([other, commit]) => this.placed(other, commit)?.clock ?? 0);
      const clock = 1 + clocks.reduce((most, each) => Math.max(most, each), before?.clock ?? 0);
      next.placed = { node, taken, clock, position: before === null ? 0 : before.position + 1 };
      this.#unplaced--;
      this.#onPlaced(next.placed);
      const { waiting: queues } = this.#of(node);
      const waiting = queues.get(taken.commit) ?? [];
      queues.delete(taken.commit);
      for (const one of waiting) if (--one.missing === 0) queue.push(one);
    }
  }
}

/** Is `a` before `b`? The order is total: no two entries of a ledger have one position. */
export function compareOrder(a: Omit<Placed, 'taken'>, b: Omit<Placed, 'taken'>): number {
  return a.clock - b.clock || (a.node < b.node ? -1 : a.node > b.node ? 1 : a.position - b.position);
}
