import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { TailBuffer } from './tail-buffer.ts';

const TAIL_BYTES = 64 * 1024;
const DEFAULT_MAX_BYTES = 8 * 1024 * 1024;

/**
 * Takes all output of a process and keeps its start and its end within a fixed size, so that a
 * trainer that prints a gigabyte costs neither memory nor disk. Writes are synchronous: the pipe
 * then slows the writer down instead of our memory growing.
 */
export class OutputLog {
  readonly #fd: number | null;
  readonly #headLimit: number;
  readonly #end: TailBuffer;
  #headBytes = 0;
  #total = 0;

  constructor(file: string | undefined, maxBytes = DEFAULT_MAX_BYTES) {
    this.#fd = file === undefined ? null : openSync(file, 'w+');
    this.#headLimit = this.#fd === null ? 0 : Math.ceil(maxBytes / 2);
    this.#end = new TailBuffer(this.#fd === null ? TAIL_BYTES : Math.floor(maxBytes / 2));
  }

  write(chunk: Buffer): void {
    this.#total += chunk.length;
    const head = chunk.subarray(0, Math.max(0, this.#headLimit - this.#headBytes));
    if (head.length > 0 && this.#fd !== null) {
      writeSync(this.#fd, head);
      this.#headBytes += head.length;
    }
    if (head.length < chunk.length) this.#end.write(chunk.subarray(head.length));
  }

  /** Completes the file and gives the last 64 KiB of the output. */
  finish(): { tail: string; outputBytes: number; droppedBytes: number } {
    const end = this.#end.read();
    const droppedBytes = this.#total - this.#headBytes - end.length;
    let tail = end.subarray(-TAIL_BYTES);
    if (this.#fd !== null) {
      if (droppedBytes > 0) writeSync(this.#fd, `\n[${droppedBytes} bytes left out]\n`);
      writeSync(this.#fd, end);
      tail = readEnd(this.#fd);
      closeSync(this.#fd);
    }
    return { tail: tail.toString('utf8'), outputBytes: this.#total, droppedBytes };
  }
}

function readEnd(fd: number): Buffer {
  const { size } = fstatSync(fd);
  const length = Math.min(size, TAIL_BYTES);
  const buffer = Buffer.alloc(length);
  readSync(fd, buffer, 0, length, size - length);
  return buffer;
}
