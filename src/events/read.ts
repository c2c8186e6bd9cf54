import { watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../plugin.ts';
import { SegmentReader } from './segment-reader.ts';
import { listSegments, type Segment } from './segments.ts';

interface ReadOptions {
  /** Only events with a higher number. Default 0: all that are kept. */
  readonly after?: number;
}

interface FollowOptions extends ReadOptions {
  readonly signal: AbortSignal;
  /** How often it looks by itself, for file systems that do not tell of changes. */
  readonly pollMs?: number;
}

const POLL_MS = 500;

/**
 * The events of a run that are kept, in order. Where events between were lost or are kept no longer, `events-lost` says
 * how many. A line that a kill cut short is left out.
 * @param dir `.autoresearch/<run>/events`
 */
export async function* readEvents(dir: string, { after = 0 }: ReadOptions = {}): AsyncGenerator<RunEvent> {
  const reader = new EventReader(dir, after);
  try {
    yield* reader.read();
  } finally {
    await reader.close();
  }
}

/** The same, and then those that come, until the signal is aborted. The folder need not be there yet. */
export async function* followEvents(dir: string, { after = 0, signal, pollMs = POLL_MS }: FollowOptions): AsyncGenerator<RunEvent> {
  const reader = new EventReader(dir, after);
  const changes = new Changes(dir);
  try {
    while (!signal.aborted) {
      yield* reader.read(signal);
      await changes.wait(pollMs, signal);
    }
  } finally {
    changes.close();
    await reader.close();
  }
}

/** Reads what is new each time it is asked. */
class EventReader {
  readonly #dir: string;
  #last: number;
  #current: { readonly segment: Segment; readonly reader: SegmentReader } | null = null;

  constructor(dir: string, after: number) {
    this.#dir = dir;
    this.#last = after;
  }

  async *read(signal?: AbortSignal): AsyncGenerator<RunEvent> {
    for (;;) {
      // Listed before the file is read: what the writer adds to a file comes before the next file.
      const next = this.#nextSegment();
      if (this.#current !== null) {
        for await (const event of this.#current.reader.read()) {
          if (signal?.aborted) return;
          yield* this.#inOrder(event);
        }
      }
      if (next === undefined) return;
      await this.close();
      this.#current = { segment: next, reader: new SegmentReader(next.file) };
    }
  }

  async close(): Promise<void> {
    await this.#current?.reader.close();
    this.#current = null;
  }

  /** The file after the present one; at the beginning the one that holds the first event wanted, else the oldest. */
  #nextSegment(): Segment | undefined {
    const segments = listSegments(this.#dir);
    const now = this.#current?.segment.first;
    if (now !== undefined) return segments.find(({ first }) => first > now);
    return segments.findLast(({ first }) => first <= this.#last + 1) ?? segments[0];
  }

  *#inOrder(event: RunEvent): Generator<RunEvent> {
    if (event.seq <= this.#last) return;
    const count = event.seq - this.#last - 1;
    if (count > 0) yield { type: 'events-lost', seq: event.seq - 1, at: event.at, count };
    this.#last = event.seq;
    yield event;
  }
}

/** Waits for a change in a folder. */
class Changes {
  readonly #dir: string;
  #watcher: ReturnType<typeof watch> | null = null;
  #hasChanged = false;
  #wake: () => void = () => {};

  constructor(dir: string) {
    this.#dir = dir;
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    this.#watch();
    if (!this.#hasChanged) {
      const over = new AbortController();
      const change = new Promise<void>((resolve) => (this.#wake = resolve));
      await Promise.race([change, sleep(ms, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch(() => {})]);
      over.abort();
    }
    this.#hasChanged = false;
  }

  close(): void {
    this.#watcher?.close();
  }

  /** The folder may come later, or the machine have no watches left: then it is looked at now and then. */
  #watch(): void {
    if (this.#watcher !== null) return;
    try {
      this.#watcher = watch(this.#dir, { persistent: false }, () => {
        this.#hasChanged = true;
        this.#wake();
      });
      this.#watcher.on('error', () => {
        this.#watcher?.close();
        this.#watcher = null;
      });
    } catch {
      this.#watcher = null;
    }
  }
}
