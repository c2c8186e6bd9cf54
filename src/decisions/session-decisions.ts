import { setTimeout as sleep } from 'node:timers/promises';
import type { Reviewer } from '../contract/decisions.ts';
import type { Reason } from '../experiment.ts';
import { readQueue, type QueuedFile } from './queue.ts';
import { takeUpDecisions, type Command, type TakeUpInput } from './take-up.ts';

const LOOK_MS = 300;
const OVER: Reason = { code: 'SUPERSEDED', text: 'it was meant for a session that is over' };

/**
 * What waits in the queue now. Asked before a session says in the ledger that it has begun, this is what was meant for an
 * earlier one: a pause or a stop among it is refused, for the user who has started this session wants it to run.
 */
export function queuedIds(runDir: string): ReadonlySet<string> {
  return new Set(readQueue(runDir).flatMap((entry) => ('id' in entry ? [entry.id] : [])));
}

/** Takes up the decisions of people between the experiments of one session: reviews, and whether the run goes on. */
export class SessionDecisions {
  readonly #input: TakeUpInput;
  readonly #signal: AbortSignal;
  readonly #older: ReadonlySet<string>;
  #isPaused = false;
  #stop: Reason | null = null;

  /** `older` is what `queuedIds` gave before the session could be seen to be at work. */
  constructor(input: TakeUpInput, older: ReadonlySet<string>, signal: AbortSignal) {
    this.#input = input;
    this.#older = older;
    this.#signal = signal;
  }

  /** Everything that waits; while the run is paused, also what comes then. A reason ends the run. */
  async takeUp(): Promise<Reason | undefined> {
    for (;;) {
      await takeUpDecisions(this.#input, (command, entry) => this.#obey(command, entry));
      if (this.#stop !== null || !this.#isPaused) return this.#stop ?? undefined;
      await sleep(LOOK_MS, undefined, { signal: this.#signal });
    }
  }

  /** What came too late to be taken up before. */
  async close(): Promise<void> {
    await takeUpDecisions(this.#input, () => OVER);
  }

  #obey(command: Command, { id, decision: { by, ...decision } }: QueuedFile): Reason | null {
    if (this.#older.has(id)) return OVER;
    const note = 'note' in decision ? decision.note : '';
    if (command === 'stop') this.#stop = { code: 'STOPPED', text: `stopped by ${by.name}${note === '' ? '' : `: ${note}`}` };
    else this.#setPaused(command === 'pause', by, note);
    return null;
  }

  #setPaused(isPaused: boolean, by: Reviewer, note: string): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    this.#input.emit(isPaused ? { type: 'run-paused', by, note } : { type: 'run-unpaused', by });
  }
}
