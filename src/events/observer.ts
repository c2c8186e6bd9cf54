import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { RunEvent } from '../plugin.ts';

/** How many events wait for a slow reporter; a trial that prints all the time makes some five a second. */
const MOST_WAITING = 1000;

interface ObserverOptions {
  /** How warnings call it. */
  readonly name: string;
  /** Its place in the config. */
  readonly place: string;
  readonly observe: (event: RunEvent) => unknown;
  readonly warn: (message: string) => void;
}

/** Hands events to one reporter, one at a time and beside the loop. What it cannot keep up with is lost to it alone. */
export class Observer {
  readonly #options: ObserverOptions;
  #waiting: RunEvent[] = [];
  #lost = 0;
  #isBusy = false;
  #hasThrown = false;
  #wasSlow = false;
  #idle: Promise<void> = Promise.resolve();

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  push(event: RunEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length > MOST_WAITING) this.#drop();
    if (!this.#isBusy) this.#idle = this.#work();
  }

  /** Once it has had every event, or the time is up. */
  async settle(ms: number): Promise<void> {
    const stop = new AbortController();
    const timeUp = sleep(ms, undefined, { signal: stop.signal, ref: true }).catch(() => {});
    await Promise.race([this.#idle, timeUp]);
    stop.abort();
  }

  #drop(): void {
    // A tenth at once: dropping one by one would move the whole list for every event.
    const dropped = this.#waiting.splice(0, MOST_WAITING / 10);
    this.#lost += dropped.length;
    const { name, place, warn } = this.#options;
    if (!this.#wasSlow) warn(`${name}: it does not keep up, and loses events (${place})`);
    this.#wasSlow = true;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    // The loop goes on before a reporter begins.
    await Promise.resolve();
    for (;;) {
      const event = this.#next();
      if (event === undefined) break;
      await this.#tell(event);
    }
    this.#isBusy = false;
  }

  #next(): RunEvent | undefined {
    const [event] = this.#waiting;
    if (this.#lost === 0 || event === undefined) return this.#waiting.shift();
    const count = this.#lost;
    this.#lost = 0;
    return Object.freeze({ type: 'events-lost', seq: event.seq - 1, at: event.at, count });
  }

  async #tell(event: RunEvent): Promise<void> {
    try {
      await this.#options.observe(event);
    } catch (error) {
      const { name, place, warn } = this.#options;
      if (!this.#hasThrown) warn(`${name}: ${messageOf(error)} (${place})`);
      this.#hasThrown = true;
    }
  }
}
