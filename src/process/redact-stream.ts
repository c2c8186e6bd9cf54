import type { Redact } from '../redact.ts';

/** A key is not longer, in any of its forms; what has no blank in it for this long is no text. */
const MOST_HELD = 16 * 1024;
/** Takes keys out of a byte stream: no chunk ends within a key, so that none is missed for being cut in two. */
export function redactStream(redact: Redact, onChunk: (chunk: Buffer) => void): { write(chunk: Buffer): void; end(): void } {
  // So much of the end waits for what follows, since a key may be broken over lines.
  const { reach = 0 } = redact;
  let rest = '';
  const emit = (text: string) => {
    if (text !== '') onChunk(Buffer.from(text, 'latin1'));
  };
  return {
    write(chunk) {
      // One character a byte: whatever is no key stays as it is, whatever the encoding.
      const text = rest + chunk.toString('latin1');
      const { end, head } = cut(text, redact, reach);
      emit(head);
      rest = text.slice(end);
    },
    end() {
      emit(redact(rest));
      rest = '';
    },
  };
}

/** The start of a text without keys, up to a blank that is in no key. */
function cut(text: string, redact: Redact, reach: number): { end: number; head: string } {
  const clean = redact(text);
  for (let end = blankBefore(text, text.length - reach); end > 0; end = blankBefore(text, end - 1)) {
    if (clean === text) return { end, head: text.slice(0, end) };
    const head = redact(text.slice(0, end));
    if (head + redact(text.slice(end)) === clean) return { end, head };
    if (text.length - end > MOST_HELD) break;
  }
  return text.length > MOST_HELD ? { end: text.length, head: clean } : { end: 0, head: '' };
}

/** After the last blank that ends before `end`; 0 where there is none. */
function blankBefore(text: string, end: number): number {
  if (end <= 0) return 0;
  return Math.max(text.lastIndexOf('\n', end - 1), text.lastIndexOf('\r', end - 1), text.lastIndexOf(' ', end - 1)) + 1;
}
