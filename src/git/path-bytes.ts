/**
 * A path is bytes, and need not be UTF-8. As a text, each byte that is not reads `\xe9`, and a backslash then reads `\\`.
 * Other paths read as they are, but for those that look like that already.
 */
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';

const ESCAPED = /\\(\\|x[0-9a-f]{2})/;
const EACH = /\\(?:\\|x([0-9a-f]{2}))|[^\\]+|\\/g;

/** The text for a path that git has printed, read as latin1. */
export function readPath(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  const text = isUtf8(bytes) ? bytes.toString() : null;
  if (text !== null) return ESCAPED.test(text) ? text.replaceAll('\\', '\\\\') : text;
  let out = '';
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find((n) => at + n <= bytes.length && isUtf8(bytes.subarray(at, at + n)));
    const part = bytes.subarray(at, at + (length ?? 1));
    out += length === undefined ? `\\x${part.toString('hex')}` : part.toString().replace('\\', '\\\\');
    at += part.length;
  }
  return out;
}

/** The bytes such a text stands for. */
export function pathBytes(path: string): Buffer {
  if (!ESCAPED.test(path)) return Buffer.from(path);
  const parts = [...path.matchAll(EACH)].map(([part, hex]) => {
    if (hex !== undefined) return Buffer.from(hex, 'hex');
    return Buffer.from(part === '\\\\' ? '\\' : part);
  });
  return Buffer.concat(parts);
}

/** A path in a folder, as the file system takes it. */
export function fileAt(dir: string, path: string): string | Buffer {
  if (!ESCAPED.test(path)) return join(dir, path);
  return Buffer.concat([Buffer.from(`${dir}/`), pathBytes(path)]);
}

/** Can the path be given to a program as text? */
export function isText(path: string): boolean {
  return !ESCAPED.test(path);
}
