import { StringDecoder } from 'node:string_decoder';

/** Longer lines are cut, as in local trials. */
const MOST = 4096;

/** Cuts the log of a job, which arrives in pieces, into lines. */
export class LogLines {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.write(Buffer.from(bytes))).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, MOST);
    for (const line of lines) this.#onLine(line.slice(0, MOST));
  }

  end(): void {
    if (this.#rest !== '') this.#onLine(this.#rest);
    this.#rest = '';
  }
}
