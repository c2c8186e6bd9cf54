import type { RunEvent } from '../../../src/plugin.ts';
import { safeName } from './facts.ts';
import { sleep } from './sleep.ts';

/** A point of a running trial's curve. */
export interface LivePoint {
  /** Such as `live/loss`. */
  readonly key: string;
  readonly experiment: number;
  /** Thousandths of the budget, behind those of all experiments before, so that one line holds all of them. */
  readonly step: number;
  readonly value: number;
  /** When it was read, in milliseconds. */
  readonly timestamp: number;
}

/** False: it is not ready yet, and wants them later. */
type Send = (points: readonly LivePoint[], signal: AbortSignal) => Promise<false | void>;

/** Points are sent together, so that a trial that prints all the time costs a service no more than this. */
const PAUSE_MS = 2000;
/** Of more points within a pause every second one is left out: the record has them all. */
const MOST = 500;
const STEPS = 1000;
/** What else is measured has no curve of its own: the incumbent beside a change, audits. */
const SHOWN = new Set(['change', 'baseline', 'control']);

/**
 * Shows the curves of running trials while they are drawn. Each point is sent at most once: what a service does not take is left
 * out, because the curve is part of the record, which is told exactly once when the experiment is settled.
 */
export class Live {
  readonly #send: Send;
  readonly #signal: AbortSignal;
  #waiting: LivePoint[] = [];
  #isBusy = false;

  readonly #pauseMs: number;

  constructor(send: Send, signal: AbortSignal, pauseMs = PAUSE_MS) {
    this.#send = send;
    this.#signal = signal;
    this.#pauseMs = pauseMs;
  }

  observe(event: RunEvent): void {
    if (event.type !== 'curve-points' || event.index > 0 || !SHOWN.has(event.subject)) return;
    const { experiment } = event;
    const key = `live/${safeName(event.name)}`;
    const timestamp = Date.parse(event.at);
    for (const [share, value] of event.points) {
      if (Number.isFinite(value))
        this.#waiting.push({ key, experiment, step: experiment * STEPS + Math.round(share * STEPS), value, timestamp });
    }
    if (this.#waiting.length > MOST) this.#waiting = this.#waiting.filter((_, at) => at % 2 === 0);
    if (!this.#isBusy && this.#waiting.length > 0) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      await sleep(this.#pauseMs, this.#signal);
      if (this.#signal.aborted) break;
      const points = this.#waiting.splice(0);
      const took = await this.#send(points, this.#signal).catch(() => undefined);
      if (took === false) this.#waiting = [...points, ...this.#waiting];
    }
    this.#isBusy = false;
  }
}
