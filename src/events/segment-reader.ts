import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { RunEvent } from '../plugin.ts';
import { parseEvent } from './segments.ts';

const CHUNK = 256 * 1024;
/** A longer line is no event: a program may have written anything there. */
const LONGEST_LINE = 1024 * 1024;
const NEWLINE = 10;

/** Reads a growing file of events from where it stopped before. The last line counts once its end is there. */
export class SegmentReader {
  readonly #file: string;
  #handle: FileHandle | null = null;
  #offset = 0;
  #rest: Buffer = Buffer.alloc(0);
  /** Is the rest of a line that is too long still to come? */
  #isSkipping = false;

  constructor(file: string) {
    this.#file = file;
  }

  async *read(): AsyncGenerator<RunEvent> {
    this.#handle ??= await openPlain(this.#file);
    if (this.#handle === null) return;
    const chunk = Buffer.alloc(CHUNK);
    for (;;) {
      const { bytesRead } = await this.#handle.read(chunk, 0, CHUNK, this.#offset);
      if (bytesRead === 0) return;
      this.#offset += bytesRead;
      yield* this.#events(chunk.subarray(0, bytesRead));
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = null;
  }

  *#events(chunk: Buffer): Generator<RunEvent> {
    let rest = Buffer.concat([this.#rest, chunk]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      const event = this.#isSkipping ? null : parseEvent(rest.toString('utf8', 0, end));
      this.#isSkipping = false;
      rest = rest.subarray(end + 1);
      if (event !== null) yield event;
    }
    this.#isSkipping ||= rest.length > LONGEST_LINE;
    this.#rest = this.#isSkipping ? Buffer.alloc(0) : rest;
  }
}

/** Null where it is gone, or no plain file. */
async function openPlain(file: string): Promise<FileHandle | null> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch {
    // Removed by the writer in the meantime, or a link.
  }
  return null;
}
