/** The last events of a run, bounded: for pages that are opened, and for those that come back. */
import type { RunEvent } from '../contract/events.ts';

const MOST = 3000;

export class RecentEvents {
  #events: RunEvent[] = [];
  /** The number of the last one; 0 before the first. */
  last = 0;

  add(event: RunEvent): void {
    this.last = Math.max(this.last, event.seq);
    this.#events.push(event);
    // Trimmed only now and then, because each time moves the whole array.
    if (this.#events.length > 2 * MOST) this.#events = this.#events.slice(-MOST);
  }

  after(seq: number): readonly RunEvent[] {
    return this.#events.filter((event) => event.seq > seq).slice(-MOST);
  }

  /** Those of experiments that are not settled, and warnings, since the last session began or ended. */
  underWay(isSettled: (id: number) => boolean): readonly RunEvent[] {
    const start = this.#events.findLastIndex(({ type }) => type === 'run-started' || type === 'run-ended');
    return this.#events
      .slice(Math.max(0, start))
      .slice(-MOST)
      .filter((event) => ('experiment' in event ? event.type !== 'verdict' && !isSettled(event.experiment) : event.type === 'warning'));
  }
}
