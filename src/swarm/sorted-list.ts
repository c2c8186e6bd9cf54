/** A sorted list whose new items mostly belong near the end. */
export class SortedList<T> {
  readonly #compare: (a: T, b: T) => number;
  #items: T[] = [];
  #fresh: T[] = [];

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  add(items: readonly T[]): void {
    for (const item of items) this.#fresh.push(item);
  }

  clear(): void {
    this.#items = [];
    this.#fresh = [];
  }

  /** All items, sorted. The same array until something is added. */
  get items(): readonly T[] {
    if (this.#fresh.length === 0) return this.#items;
    const fresh = this.#fresh.toSorted(this.#compare);
    this.#fresh = [];
    const [first] = fresh;
    let from = this.#items.length;
    while (from > 0 && first !== undefined && this.#compare(this.#items[from - 1] as T, first) > 0) from--;
    const tail = this.#items.slice(from);
    this.#items = this.#items.slice(0, from);
    for (const item of merged(tail, fresh, this.#compare)) this.#items.push(item);
    return this.#items;
  }
}

function merged<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): T[] {
  const all: T[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]];
    if (j >= b.length || (i < a.length && compare(one as T, other as T) <= 0)) {
      all.push(one as T);
      i++;
    } else {
      all.push(other as T);
      j++;
    }
  }
  return all;
}
