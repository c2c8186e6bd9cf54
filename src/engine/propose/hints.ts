import { readQueue, removeDecision, type QueuedFile } from '../../decisions/queue.ts';
import type { SteerDecision } from '../../plugin.ts';
import type { Redact } from '../../redact.ts';

/** A hint of a person that waits for the next proposal. */
export interface Hint extends QueuedFile {
  readonly decision: SteerDecision;
}

/** The hints that wait, each of which is told to one proposal. */
export class Hints {
  readonly #runDir: string;
  readonly #told = new Set<string>();

  constructor(runDir: string) {
    this.#runDir = runDir;
  }

  /** Those that no proposal in flight has been told, in the order in which they were given. */
  take(): Hint[] {
    const hints = waitingHints(this.#runDir).filter(({ file }) => !this.#told.has(file));
    for (const { file } of hints) this.#told.add(file);
    return hints;
  }

  /** The proposal that was told of them never came, so the next one is told. */
  putBack(hints: readonly Hint[]): void {
    for (const { file } of hints) this.#told.delete(file);
  }

  /** They are in a record now. */
  remove(hints: readonly Hint[]): void {
    for (const hint of hints) removeDecision(hint);
    this.putBack(hints);
  }
}

/** In the order in which they were given. */
export function waitingHints(runDir: string): Hint[] {
  return readQueue(runDir).filter((entry): entry is Hint => 'decision' in entry && entry.decision.kind === 'steer');
}

/** A kill may have kept hints from being removed that a proposal in flight was told of: `told` are their texts. */
export function removeTold(runDir: string, told: readonly string[], redact: Redact): void {
  const left = [...told];
  for (const hint of waitingHints(runDir)) {
    const at = left.indexOf(redact(hint.decision.text));
    if (at < 0) continue;
    left.splice(at, 1);
    removeDecision(hint);
  }
}
