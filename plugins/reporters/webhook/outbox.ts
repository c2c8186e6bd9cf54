import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Event } from './events.ts';
import type { Posted } from './post.ts';

/** How far the record has been posted: experiments up to this number, and this many audits. */
export interface Cursor {
  readonly experiment: number;
  readonly audits: number;
}

export interface Due {
  readonly event: Event;
  /** The cursor once it is posted; absent where the record does not hold the event. */
  readonly cursor?: Cursor;
}

interface Delivery {
  send(event: Event, signal: AbortSignal): Promise<Posted>;
  /** Remembers how far it is. */
  advance(cursor: Cursor): Promise<void>;
  warn(message: string): void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** Posts beside the run, one after the other in their order; a receiver that is away is tried again. */
export class Outbox {
  readonly #delivery: Delivery;
  readonly #due: Due[] = [];
  readonly #stopped = new AbortController();
  #working: Promise<void> | null = null;
  #hasWarned = false;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  add(due: Due): void {
    this.#due.push(due);
    this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  /** Waits until nothing is due, up to a limit. Returns how many are left. */
  async flush(patienceMs: number): Promise<number> {
    const late = sleep(patienceMs, this.#stopped.signal);
    await Promise.race([this.#working ?? Promise.resolve(), late]);
    return this.#due.length;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #work(): Promise<void> {
    const { signal } = this.#stopped;
    for (let wait = FIRST_WAIT_MS; this.#due.length > 0 && !signal.aborted;) {
      const [next] = this.#due;
      if (next === undefined) return;
      const posted = await this.#delivery.send(next.event, signal);
      if (signal.aborted) return;
      if (posted.status === 'again') {
        this.#warnOnce(`webhook: ${posted.why}; posts are kept and tried again`);
        await sleep(Math.max(wait, posted.afterMs), signal);
        wait = Math.min(2 * wait, LONGEST_WAIT_MS);
        continue;
      }
      if (posted.status === 'refused') this.#delivery.warn(`webhook: ${posted.why} to ${next.event.key}, so it is left out`);
      this.#due.shift();
      if (next.cursor) await this.#delivery.advance(next.cursor);
      wait = FIRST_WAIT_MS;
    }
  }

  #warnOnce(message: string): void {
    if (!this.#hasWarned) this.#delivery.warn(message);
    this.#hasWarned = true;
  }
}

export async function readCursor(file: string): Promise<Cursor | null> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<Cursor>;
    return typeof value.experiment === 'number' && typeof value.audits === 'number'
      ? { experiment: value.experiment, audits: value.audits }
      : null;
  } catch {
    return null;
  }
}

export async function writeCursor(file: string, cursor: Cursor): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, JSON.stringify(cursor));
  await rename(`${file}.part`, file);
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}
