/** When the next sync may begin. */
export class Backoff {
  readonly #everyMs: number;
  readonly #now: () => number;
  #failures = 0;
  #notBefore = 0;

  constructor(everyMs: number, now: () => number = () => performance.now()) {
    this.#everyMs = everyMs;
    this.#now = now;
  }

  get isDue(): boolean {
    return this.#now() >= this.#notBefore;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#notBefore = this.#now() + this.#everyMs;
  }

  /** True for the first failure in a row: the others need not be told. */
  failed(): boolean {
    this.#failures++;
    const pause = Math.min(Math.max(this.#everyMs, 1000) * 2 ** Math.min(this.#failures, 10), Math.max(this.#everyMs, LONGEST_MS));
    this.#notBefore = this.#now() + pause;
    return this.#failures === 1;
  }
}

/** A remote that comes back is found within this time. */
const LONGEST_MS = 300_000;
