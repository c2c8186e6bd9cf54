import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialOutcome, TrialRequest } from '../contract/roles.ts';
import type { LostAttempt } from '../trial.ts';
import { Attempt, type Means } from './attempt.ts';
import type { RemoteOptions } from './options.ts';

/**
 * Runs one trial on another machine, and answers as if it had run here: its log and its results are where they would be.
 * A job that an earlier process submitted is found again. One that is lost by no fault of its own is tried anew, with another
 * key, after what is left of it has been ended.
 */
export async function trainRemotely(request: TrialRequest, means: Means): Promise<TrialOutcome> {
  const { options, log } = means;
  const began = performance.now();
  const lost: Attempt[] = [];
  try {
    for (let attempt = 0; ; attempt++) {
      const one = new Attempt(attempt, request, means);
      const end = await one.run();
      if (end.state === 'ended') return { ...inSeconds(end.outcome, began), ...(await recordOf(lost)) };
      lost.push(one);
      if (attempt >= options.retries) return { ...(await recordOf(lost)), ...givenUp(lost, began) };
      log.warn(`a trial of #${request.experiment} was lost, which says nothing about the change, and is tried again: ${end.cause}`);
      const seconds = end.mayRun === true ? options.leaseSeconds : pauseAfter(attempt, options);
      await sleep(seconds * 1000, undefined, { signal: request.signal }).catch(() => {});
    }
  } finally {
    await Promise.all(lost.map((one) => one.forget()));
  }
}

/** Seconds before the next attempt: by then a full disk may be free again, and a job that was still running gone. */
function pauseAfter(attempt: number, { pollSeconds }: RemoteOptions): number {
  return Math.min(60, pollSeconds * 5 * 4 ** attempt);
}

function inSeconds(outcome: TrialOutcome, began: number): TrialOutcome {
  return { ...outcome, seconds: outcome.seconds || secondsSince(began) };
}

function givenUp(lost: readonly Attempt[], began: number): TrialOutcome {
  const detail = `it was lost ${lost.length === 1 ? 'once' : `${lost.length} times`}, at last because ${lost.at(-1)?.cause}`;
  return { exit: 'lost', exitCode: null, signal: null, seconds: secondsSince(began), peakMemoryMb: null, detail };
}

/** The result of the attempt that ended first counts; one that came in later from an attempt given up for lost is noted. */
async function recordOf(lost: readonly Attempt[]): Promise<{ readonly lost?: readonly LostAttempt[] }> {
  if (lost.length === 0) return {};
  return {
    lost: await Promise.all(
      lost.map(async (one) => ({ cause: one.cause, ...((await one.hasEndedLate()) && { endedLate: true as const }) })),
    ),
  };
}

const secondsSince = (began: number) => (performance.now() - began) / 1000;
