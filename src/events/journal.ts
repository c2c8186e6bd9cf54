import { closeSync, constants, fstatSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import { makeFolders } from '../folders.ts';
import type { RunEvent } from '../plugin.ts';
import { listSegments, parseEvent, segmentFile } from './segments.ts';

const MB = 1024 * 1024;
/** Together at most 32 MiB: a night of a trainer that prints all the time. */
const SEGMENT_BYTES = 4 * MB;
const MOST_SEGMENTS = 8;
/** A link that a program put in the file's place is not followed, and a pipe not waited for. */
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

interface JournalOptions {
  readonly dir: string;
  readonly warn: (message: string) => void;
  readonly segmentBytes?: number;
}

/**
 * Keeps a run's events in its folder, for other processes: lines of JSON, in files of bounded size of which the oldest go.
 * What is written survives a kill. Where nothing can be written, such as on a full disk, it warns once and keeps none.
 */
export class Journal {
  readonly #options: JournalOptions;
  /** The number of the last event there is. */
  readonly last: number = 0;
  #fd: number | null = null;
  #bytes = 0;
  #isOff = false;

  constructor(options: JournalOptions) {
    this.#options = options;
    try {
      makeFolders(options.dir, { mode: 0o700 });
      this.last = this.#find();
    } catch (error) {
      this.#turnOff(error);
    }
  }

  append(event: RunEvent): void {
    if (this.#isOff) return;
    try {
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      if (this.#fd !== null && this.#bytes + line.length > (this.#options.segmentBytes ?? SEGMENT_BYTES)) this.#end();
      this.#fd ??= this.#begin(event.seq);
      // A full disk may take a part of the line before it refuses the rest.
      for (let at = 0; at < line.length;) at += writeSync(this.#fd, line, at);
      this.#bytes += line.length;
    } catch (error) {
      this.#turnOff(error);
    }
  }

  close(): void {
    this.#isOff = true;
    this.#end();
  }

  /** Goes on with the last file, whose last line a kill may have cut short. */
  #find(): number {
    const segment = listSegments(this.#options.dir).at(-1);
    if (segment === undefined) return 0;
    const fd = this.#open(segment.file);
    const text = readFileSync(fd, 'utf8');
    if (!/(^|\n)$/.test(text)) this.#bytes += writeSync(fd, '\n');
    return text
      .split('\n')
      .map((line) => parseEvent(line)?.seq ?? 0)
      .reduce((most, seq) => Math.max(most, seq), segment.first - 1);
  }

  #begin(first: number): number {
    const { dir } = this.#options;
    for (const { file } of listSegments(dir).slice(0, -(MOST_SEGMENTS - 1))) rmSync(file, { force: true });
    return this.#open(segmentFile(dir, first));
  }

  #open(file: string): number {
    const fd = openSync(file, FLAGS, 0o600);
    this.#fd = fd;
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new Error(`${file} is not a plain file`);
    this.#bytes = stat.size;
    return fd;
  }

  #end(): void {
    if (this.#fd === null) return;
    closeSync(this.#fd);
    this.#fd = null;
  }

  #turnOff(error: unknown): void {
    this.#isOff = true;
    this.#options.warn(`the events of this session are kept for no other process any more: ${messageOf(error)}`);
    try {
      this.#end();
    } catch {
      // The journal is off already.
    }
  }
}
