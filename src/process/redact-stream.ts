import type { Redact } from '../redact.ts';

/** A key is not longer; what has no blank in it for this long is no text. */
const MOST_HELD = 16 * 1024;

/** Takes keys out of a byte stream: no chunk ends within a word, so that none is missed for being cut in two. */
export function redactStream(redact: Redact, onChunk: (chunk: Buffer) => void): { write(chunk: Buffer): void; end(): void } {
  let rest = '';
  const emit = (text: string) => {
    if (text !== '') onChunk(Buffer.from(redact(text), 'latin1'));
  };
  return {
    write(chunk) {
      // One character a byte: whatever is no key stays as it is, whatever the encoding.
      const text = rest + chunk.toString('latin1');
      const blank = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'), text.lastIndexOf(' '));
      const end = blank === -1 && text.length > MOST_HELD ? text.length : blank + 1;
      rest = text.slice(end);
      emit(text.slice(0, end));
    },
    end() {
      emit(rest);
      rest = '';
    },
  };
}
