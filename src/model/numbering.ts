import { deepFreeze } from '../experiment.ts';
import type { Pending } from '../contract/run-view.ts';

/** Which numbers experiments have: each gets one when it is begun, and may be decided after one that was begun later. */
export class Numbering {
  readonly #pending = new Map<number, Pending>();
  /** Numbers below the highest that no experiment has yet. */
  readonly #open = new Set<number>();
  #highest = -1;

  /** The number the next experiment gets. */
  get next(): number {
    return Math.max(this.#highest, ...this.#pending.keys()) + 1;
  }

  /** Numbers of which nothing is decided, although a later one is. */
  get open(): readonly number[] {
    return [...this.#open];
  }

  get pending(): readonly Pending[] {
    return Object.freeze([...this.#pending.values()]);
  }

  begin(pending: Pending): void {
    this.#pending.set(pending.id, deepFreeze(structuredClone(pending)));
  }

  drop(id: number): void {
    this.#pending.delete(id);
  }

  settle(id: number): void {
    this.#pending.delete(id);
    for (let between = this.#highest + 1; between < id; between++) this.#open.add(between);
    this.#open.delete(id);
    this.#highest = Math.max(this.#highest, id);
  }
}
