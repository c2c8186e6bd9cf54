/** Removals of finished jobs that go on in the background, by the key of the job. */
export class Removals {
  readonly #byKey = new Map<string, Promise<void>>();

  /** @param work must not fail */
  add(key: string, work: Promise<void>): void {
    const done = work.finally(() => this.#byKey.get(key) === done && this.#byKey.delete(key));
    this.#byKey.set(key, done);
  }

  /** Resolves once the job with this key is removed; a key is not used or looked up before. */
  async until(key: string): Promise<void> {
    await this.#byKey.get(key);
  }

  async all(): Promise<void> {
    await Promise.all(this.#byKey.values());
  }
}
