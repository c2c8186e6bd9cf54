/** The first `length` items of an array that may grow, as an array that cannot be changed and never changes. Nothing is copied. */
export function firstOf<T>(items: readonly T[], length: number): readonly T[] {
  const view: readonly T[] = new Proxy<T[]>([], new Handler(items, length, () => view));
  return view;
}

class Handler<T> implements ProxyHandler<T[]> {
  readonly #items: readonly T[];
  readonly #length: number;
  /** The methods used most, without the proxy between them and the items; all others work through it. */
  readonly #methods: ReadonlyMap<string | symbol, unknown>;

  constructor(items: readonly T[], length: number, view: () => readonly T[]) {
    this.#items = items;
    this.#length = length;
    this.#methods = methodsOf(items, length, view);
  }

  get(target: T[], key: string | symbol): unknown {
    if (key === 'length') return this.#length;
    if (this.#isPlace(key)) return this.#items[Number(key)];
    return this.#methods.get(key) ?? Reflect.get(target, key);
  }

  has(target: T[], key: string | symbol): boolean {
    return this.#isPlace(key) || Reflect.has(target, key);
  }

  ownKeys(): string[] {
    return [...Array.from({ length: this.#length }, (_, place) => String(place)), 'length'];
  }

  getOwnPropertyDescriptor(target: T[], key: string | symbol): PropertyDescriptor | undefined {
    if (!Object.isExtensible(target)) return Reflect.getOwnPropertyDescriptor(target, key);
    if (this.#isPlace(key)) return { value: this.#items[Number(key)], enumerable: true, configurable: true, writable: false };
    // A proxy must report `length` as writable, because it is writable on its target.
    if (key === 'length') return { value: this.#length, enumerable: false, configurable: false, writable: true };
    return undefined;
  }

  set(): never {
    throw new TypeError('what a run has done cannot be changed');
  }

  deleteProperty(): never {
    return this.set();
  }

  defineProperty(target: T[], key: string | symbol, descriptor: PropertyDescriptor): boolean {
    return Object.isExtensible(target) ? this.set() : Reflect.defineProperty(target, key, descriptor);
  }

  /** `Object.freeze` asks for this first: only then the items are copied, since a proxy may not differ from a frozen target. */
  preventExtensions(target: T[]): boolean {
    if (Object.isExtensible(target)) for (let place = 0; place < this.#length; place++) target[place] = this.#items[place] as T;
    return Reflect.preventExtensions(target);
  }

  #isPlace(key: string | symbol): boolean {
    return typeof key === 'string' && /^(?:0|[1-9]\d*)$/.test(key) && Number(key) < this.#length;
  }
}

type Test<T> = (item: T, place: number, view: readonly T[]) => unknown;

function methodsOf<T>(items: readonly T[], length: number, view: () => readonly T[]): ReadonlyMap<string | symbol, unknown> {
  const place = (from: number, step: 1 | -1, test: Test<T>): number => {
    for (let at = from; at >= 0 && at < length; at += step) if (test(items[at] as T, at, view())) return at;
    return -1;
  };
  const within = (at: number): number => (at <= -1 ? Math.max(0, length + Math.trunc(at)) : Math.min(at, length));
  const values = function* (): Generator<T> {
    for (let at = 0; at < length; at++) yield items[at] as T;
  };
  return new Map<string | symbol, unknown>([
    [Symbol.iterator, values],
    ['values', values],
    ['slice', (from = 0, to = length) => items.slice(within(from), within(to))],
    ['find', (test: Test<T>) => items[place(0, 1, test)]],
    ['findIndex', (test: Test<T>) => place(0, 1, test)],
    ['findLast', (test: Test<T>) => items[place(length - 1, -1, test)]],
    ['findLastIndex', (test: Test<T>) => place(length - 1, -1, test)],
    ['some', (test: Test<T>) => place(0, 1, test) >= 0],
    ['filter', (test: Test<T>) => items.slice(0, length).filter((item, at) => test(item, at, view()))],
    ['map', (change: Test<T>) => items.slice(0, length).map((item, at) => change(item, at, view()))],
  ]);
}
