/** Who may not wait behind others for a slot; a lower number comes first. */
export const RANK = { control: 0, measure: 1, propose: 2, offer: 3 } as const;
export type Rank = (typeof RANK)[keyof typeof RANK];

interface Request<T> {
  readonly rank: Rank;
  readonly fits: (item: T) => boolean;
  readonly give: (item: T) => void;
}

/** Things that are lent to one borrower at a time. Those who wait are served by rank, then in the order in which they came. */
export class Pool<T> {
  readonly all: readonly T[];
  readonly #free: Set<T>;
  #waiting: Request<T>[] = [];

  constructor(all: readonly T[]) {
    this.all = all;
    this.#free = new Set(all);
  }

  /** Rejects when `signal` is aborted while it waits. */
  take(signal: AbortSignal, { rank, fits = () => true }: { readonly rank: Rank; readonly fits?: (item: T) => boolean }): Promise<T> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const onAbort = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== request);
        reject(signal.reason as Error);
      };
      const request: Request<T> = {
        rank,
        fits,
        give(item) {
          signal.removeEventListener('abort', onAbort);
          resolve(item);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(request);
      this.#serve();
    });
  }

  /** One that is free now, if nobody waits for it. */
  takeFree(): T | null {
    const [item] = this.#free;
    if (item === undefined || this.#waiting.some(({ fits }) => fits(item))) return null;
    this.#free.delete(item);
    return item;
  }

  giveBack(item: T): void {
    this.#free.add(item);
    this.#serve();
  }

  #serve(): void {
    // The sort is stable: within a rank, the first to ask comes first.
    for (const request of this.#waiting.toSorted((a, b) => a.rank - b.rank)) {
      // Always the first that is free, so that one at a time is always the same one.
      const item = this.all.find((each) => this.#free.has(each) && request.fits(each));
      if (item === undefined) continue;
      this.#free.delete(item);
      this.#waiting = this.#waiting.filter((each) => each !== request);
      request.give(item);
    }
  }
}
