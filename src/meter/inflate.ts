import { finished } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import type { AnswerReader, Read } from './read-answer.ts';

const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} as const;

/** Reads a copy of a compressed answer along, for APIs that compress although they were asked not to. */
export function inflate(encoding: string | undefined, reader: AnswerReader): { write(chunk: Uint8Array): void; end(): Promise<Read> } {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (!Object.hasOwn(DECODERS, name)) return { write: (chunk) => reader.write(chunk), end: () => Promise.resolve(reader.end()) };
  const decoder = DECODERS[name as keyof typeof DECODERS]();
  decoder.on('data', (chunk: Buffer) => reader.write(chunk));
  const done = finished(decoder).catch(() => {});
  return {
    write: (chunk) => void decoder.write(chunk),
    async end() {
      decoder.end();
      await done;
      return reader.end();
    },
  };
}
