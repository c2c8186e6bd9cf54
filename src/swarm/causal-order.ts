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

/** One entry, or what the first entry of a ledger follows on. A commit that stands in two ledgers is two entries. */
const keyOf = (node: NodeId, commit: string | null) => `${node} ${commit ?? ''}`;

export class CausalOrder {
  readonly #arrived = new Map<string, Arrived>();
  /** By what they wait for. */
  readonly #waiting = new Map<string, Arrived[]>();
  /** By what they follow on: more than one means that a node has two histories. */
  readonly #next = new Map<string, string[]>();
  readonly #onPlaced: (placed: Placed) => void;
  #unplaced = 0;

  constructor(onPlaced: (placed: Placed) => void) {
    this.#onPlaced = onPlaced;
  }

  /** Entries that have arrived and wait for others. */
  get waiting(): number {
    return this.#unplaced;
  }

  /** Takes in an entry; false if it is there already. */
  add(node: NodeId, taken: Taken, after: string | null): boolean {
    const { commit, seen = [] } = taken;
    const key = keyOf(node, commit);
    if (this.#arrived.has(key)) return false;
    const arrived: Arrived = { node, taken, after, missing: 0, placed: null };
    this.#arrived.set(key, arrived);
    this.#unplaced++;
    const before = keyOf(node, after);
    const others = this.#next.get(before);
    if (others === undefined) this.#next.set(before, [commit]);
    else others.push(commit);
    const needs = seen.map(([other, read]) => keyOf(other, read));
    for (const needed of after === null ? needs : [before, ...needs]) {
      if (this.#arrived.get(needed)?.placed) continue;
      arrived.missing++;
      const queue = this.#waiting.get(needed);
      if (queue === undefined) this.#waiting.set(needed, [arrived]);
      else queue.push(arrived);
    }
    if (arrived.missing === 0) this.#place(arrived);
    return true;
  }

  /** What follows on an entry in a ledger, or its first entries. */
  after(node: NodeId, commit: string | null): readonly string[] {
    return this.#next.get(keyOf(node, commit)) ?? [];
  }

  /** An entry with its place; null while it waits for others, or has not arrived. */
  placed(node: NodeId, commit: string): Placed | null {
    return this.#arrived.get(keyOf(node, commit))?.placed ?? null;
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
      const key = keyOf(node, taken.commit);
      const waiting = this.#waiting.get(key) ?? [];
      this.#waiting.delete(key);
      for (const one of waiting) if (--one.missing === 0) queue.push(one);
    }
  }
}

/** Is `a` before `b`? The order is total: no two entries of a ledger have one position. */
export function compareOrder(a: Omit<Placed, 'taken'>, b: Omit<Placed, 'taken'>): number {
  return a.clock - b.clock || (a.node < b.node ? -1 : a.node > b.node ? 1 : a.position - b.position);
}
