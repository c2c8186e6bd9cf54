import { EventEmitter, once } from 'node:events';
import type { Asked } from './asked.ts';
import type { Answered, Tally } from './tally.ts';

/** Lets calls go upstream as long as there is room for the most that all of them may use; the others wait for those under way. */
export class Turns {
  readonly #tally: Tally;
  readonly #ends = new EventEmitter().setMaxListeners(0);

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** Null once the call may go, which is counted from then on; else why it may not. @throws when aborted */
  async begin(asked: Asked, signal: AbortSignal): Promise<string | null> {
    for (;;) {
      signal.throwIfAborted();
      const full = this.#tally.full();
      if (full !== null) return full;
      if (this.#tally.hasRoomFor(asked)) {
        this.#tally.begin(asked);
        return null;
      }
      await once(this.#ends, 'end', { signal });
    }
  }

  end(asked: Asked, answered: Answered | null): void {
    this.#tally.end(asked, answered);
    this.#ends.emit('end');
  }
}
