/** Jobs that are over and are being removed where they ran, while the run goes on. */
export class Leaving {
  readonly #byKey = new Map<string, Promise<void>>();

  /** @param work must not fail */
  add(key: string, work: Promise<void>): void {
    const done = work.finally(() => this.#byKey.get(key) === done && this.#byKey.delete(key));
    this.#byKey.set(key, done);
  }

  /** Whoever uses a key again, or asks for it, waits until the job that had it is gone. */
  async until(key: string): Promise<void> {
    await this.#byKey.get(key);
  }

  async all(): Promise<void> {
    await Promise.all(this.#byKey.values());
  }
}
