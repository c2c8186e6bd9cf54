import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Share } from './simulate.ts';
import type { Tally } from './tally.ts';

/** Simulates the shares on all cores; the answers are in the order of the shares, so that the sums do not depend on the cores. */
export function simulateAll(shares: readonly Share[]): Promise<readonly (readonly Tally[])[]> {
  return onAllCores(shares, new URL('./worker.ts', import.meta.url));
}

/** The same with any worker that answers each message with one. */
export async function onAllCores<S, R>(shares: readonly S[], url: URL): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = shares.entries();
  const work = async (worker: Worker) => {
    for (const [index, share] of waiting) {
      worker.postMessage(share);
      const [tally]: readonly unknown[] = await once(worker, 'message');
      // What the worker answered there.
      results[index] = tally as R;
    }
  };
  const workers = Array.from({ length: Math.min(availableParallelism(), shares.length) }, () => new Worker(url));
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}
