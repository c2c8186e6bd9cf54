import { stripVTControlCharacters } from 'node:util';
import { ProcessOutput } from 'listr2';

type Stream = NodeJS.WriteStream;

/**
 * An output stream for a live block: what the rest of the program prints while the block is on screen
 * is handed on at once, where listr2 by itself would hold it back until the block is done.
 */
export class Passage extends ProcessOutput {
  readonly #say: (text: string, stream: Stream) => void;

  constructor(say: (text: string, stream: Stream) => void) {
    super();
    this.#say = say;
  }

  override hijack(): void {
    super.hijack();
    for (const stream of [process.stdout, process.stderr]) {
      // A stream that goes elsewhere than the screen cannot disturb it, and must keep its bytes as they are.
      stream.write = stream.isTTY ? this.#divert(stream) : this.#straight(stream);
    }
  }

  #divert(stream: Stream): Stream['write'] {
    const straight = this.#straight(stream);
    return (chunk: string | Uint8Array, ...rest: unknown[]) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      // Cursor codes are the display's own: removing the block for them would produce more of them.
      if (stripVTControlCharacters(text) === '') return straight(chunk);
      this.#say(text, stream);
      const callback = rest.at(-1);
      if (typeof callback === 'function') callback();
      return true;
    };
  }

  #straight(stream: Stream): Stream['write'] {
    const out = stream === process.stderr ? this.stream.stderr : this.stream.stdout;
    return (...args: unknown[]) => out.write(...(args as Parameters<Stream['write']>));
  }
}
