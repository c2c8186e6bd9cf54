import { readQueue, removeDecision, type QueuedFile } from '../../decisions/queue.ts';
import type { SteerDecision } from '../../plugin.ts';
import type { Redact } from '../../redact.ts';

/** A hint of a person that waits for the next proposal. */
export interface Hint extends QueuedFile {
  readonly decision: SteerDecision;
}

/** In the order in which they were given. */
export function waitingHints(runDir: string): Hint[] {
  return readQueue(runDir).filter((entry): entry is Hint => 'decision' in entry && entry.decision.kind === 'steer');
}

/** They are in a record now. */
export function removeHints(hints: readonly Hint[]): void {
  for (const hint of hints) removeDecision(hint);
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
