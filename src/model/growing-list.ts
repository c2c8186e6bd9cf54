import { firstOf } from './first-of.ts';

/**
 * A list that only grows, and views of it that stay as they were. Adding an item and taking a view cost the same however
 * long the list is: all views share one array, and each knows how much of it it shows.
 */
export class GrowingList<T> {
  readonly #items: T[] = [];
  #view: readonly T[] | null = null;

  get items(): readonly T[] {
    return this.#items;
  }

  add(item: T): void {
    this.#items.push(item);
    this.#view = null;
  }

  /** The list as it is now: read-only, and in all else an array. It cannot be cloned; `[...view]` copies it. */
  get view(): readonly T[] {
    return (this.#view ??= firstOf(this.#items, this.#items.length));
  }
}
