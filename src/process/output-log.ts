import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { Redact } from '../redact.ts';
import { redactStream } from './redact-stream.ts';
import { TailBuffer } from './tail-buffer.ts';

const TAIL_BYTES = 64 * 1024;
const PIECE_BYTES = 64 * 1024;
const DEFAULT_MAX_BYTES = 8 * 1024 * 1024;

/**
 * Takes all output of a process and keeps its start and its end within a fixed size, so that a
 * trainer that prints a gigabyte costs neither memory nor disk. Writes are synchronous: the pipe
 * then slows the writer down instead of our memory growing. Keys are taken out of what is kept.
 */
export class OutputLog {
  readonly #fd: number | null;
  readonly #headLimit: number;
  readonly #end: TailBuffer;
  readonly #redact: Redact;
  readonly #kept: ReturnType<typeof redactStream>;
  #headBytes = 0;
  #total = 0;
  /** Why the file could not be written, where it could not: it is not tried again. */
  #failure: unknown = null;

  constructor(file: string | undefined, maxBytes = DEFAULT_MAX_BYTES, redact: Redact = (text) => text) {
    this.#redact = redact;
    this.#kept = redactStream(redact, (chunk) => this.#put(chunk));
    this.#fd = file === undefined ? null : openSync(file, 'w+');
    this.#headLimit = this.#fd === null ? 0 : Math.ceil(maxBytes / 2);
    this.#end = new TailBuffer(this.#fd === null ? TAIL_BYTES : Math.floor(maxBytes / 2));
  }

  write(chunk: Buffer): void {
    this.#total += chunk.length;
    const head = chunk.subarray(0, Math.max(0, this.#headLimit - this.#headBytes));
    if (head.length > 0 && this.#fd !== null) {
      this.#kept.write(head);
      this.#headBytes += head.length;
    }
    if (head.length < chunk.length) this.#end.write(chunk.subarray(head.length));
  }

  /**
   * Completes the file and gives the last 64 KiB of the output.
   * @throws where the file could not be written, such as on a full disk
   */
  finish(): { tail: string; outputBytes: number; droppedBytes: number } {
    const end = this.#end.read();
    const droppedBytes = this.#total - this.#headBytes - end.length;
    const tail = this.#fd === null ? this.#clean(end) : this.#complete(this.#fd, end, droppedBytes);
    return { tail: tail.toString('utf8'), outputBytes: this.#total, droppedBytes };
  }

  #complete(fd: number, end: Buffer, droppedBytes: number): Buffer {
    if (droppedBytes > 0) {
      this.#kept.end();
      this.#put(Buffer.from(`\n[${droppedBytes} bytes left out]\n`));
    }
    // In pieces: a text of all of it would cost its size again.
    for (let at = 0; at < end.length; at += PIECE_BYTES) this.#kept.write(end.subarray(at, at + PIECE_BYTES));
    this.#kept.end();
    const tail = readEnd(fd);
    closeSync(fd);
    if (this.#failure !== null) throw this.#failure;
    return tail;
  }

  #clean(bytes: Buffer): Buffer {
    return Buffer.from(this.#redact(bytes.toString('latin1')), 'latin1');
  }

  #put(chunk: Buffer): void {
    if (this.#fd === null || this.#failure !== null) return;
    // An error thrown here, in the middle of a stream, would end the engine and leave the process running.
    try {
      for (let at = 0; at < chunk.length;) at += writeSync(this.#fd, chunk, at);
    } catch (error) {
      this.#failure = error;
    }
  }
}

function readEnd(fd: number): Buffer {
  const { size } = fstatSync(fd);
  const length = Math.min(size, TAIL_BYTES);
  const buffer = Buffer.alloc(length);
  readSync(fd, buffer, 0, length, size - length);
  return buffer;
}
