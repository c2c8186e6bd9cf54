/** The last `limit` bytes of a stream, in one block of memory that is taken when first needed. */
export class TailBuffer {
  readonly #limit: number;
  #block: Buffer | null = null;
  #at = 0;
  #full = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  write(chunk: Buffer): void {
    this.#block ??= Buffer.alloc(this.#limit);
    const kept = chunk.subarray(-this.#limit);
    const first = kept.copy(this.#block, this.#at);
    kept.copy(this.#block, 0, first);
    if (this.#at + kept.length >= this.#limit) this.#full = true;
    this.#at = (this.#at + kept.length) % this.#limit;
  }

  read(): Buffer {
    if (this.#block === null) return Buffer.alloc(0);
    if (!this.#full) return this.#block.subarray(0, this.#at);
    return Buffer.concat([this.#block.subarray(this.#at), this.#block.subarray(0, this.#at)]);
  }
}
