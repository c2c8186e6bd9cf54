/** What a program writes, line by line; the rest waits with the program until it is asked for. */
export class LineReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #maxBytes: number;
  #rest: Uint8Array[] = [];
  #size = 0;

  /** @param maxBytes the longest line that is taken */
  constructor(stream: AsyncIterable<Uint8Array>, maxBytes: number) {
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#maxBytes = maxBytes;
  }

  /** Has it written more than was asked for? */
  get hasMore(): boolean {
    return this.#size > 0;
  }

  /**
   * The next line without its end; null at the end of the stream, where an unfinished line is dropped.
   * @throws RangeError for a line that is too long
   */
  async next(): Promise<string | null> {
    let searched = 0;
    for (;;) {
      for (; searched < this.#rest.length; searched++) {
        const end = this.#rest[searched]?.indexOf(10) ?? -1;
        if (end !== -1) return this.#take(searched, end);
      }
      if (this.#size > this.#maxBytes) throw new RangeError(`a line is longer than ${this.#maxBytes} bytes`);
      const { value, done } = await this.#chunks.next();
      if (done === true) return null;
      this.#rest.push(value);
      this.#size += value.length;
    }
  }

  #take(index: number, end: number): string {
    const last = this.#rest[index] ?? new Uint8Array();
    const line = Buffer.concat([...this.#rest.slice(0, index), last.subarray(0, end)]);
    this.#rest = [last.subarray(end + 1), ...this.#rest.slice(index + 1)].filter(({ length }) => length > 0);
    this.#size -= line.length + 1;
    if (line.length > this.#maxBytes) throw new RangeError(`a line is longer than ${this.#maxBytes} bytes`);
    return line.toString();
  }
}
