import { setTimeout as sleep } from 'node:timers/promises';
import { ReasonError } from '../contract/reason-error.ts';
import { messageOf } from '../errors.ts';

/** How long an engine may be unreachable without a break before a trial counts as lost. */
const UNREACHABLE_MS = 10 * 60_000;

export class OutOfReach extends Error {}

/**
 * Asks until there is an answer.
 * @throws OutOfReach where the engine stays out of reach for long; what it threw, where the trial was aborted in the meantime
 */
export async function reach<T>(ask: () => Promise<T>, signal: AbortSignal, tell: (error: string) => void): Promise<T> {
  const since = performance.now();
  for (let pause = 500; ; pause = Math.min(pause * 2, 15_000)) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof ReasonError || signal.aborted) throw error;
      tell(messageOf(error));
      if (performance.now() - since > UNREACHABLE_MS) throw new OutOfReach(`the engine could not be reached: ${messageOf(error)}`);
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }
}
