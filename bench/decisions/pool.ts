import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Share } from './simulate.ts';
import type { Tally } from './tally.ts';

/** Simulates the shares on all cores; the answers are in the order of the shares, so that the sums do not depend on the cores. */
export async function simulateAll(shares: readonly Share[]): Promise<readonly (readonly Tally[])[]> {
  const results = Array<readonly Tally[]>(shares.length).fill([]);
  const waiting = shares.entries();
  const work = async (worker: Worker) => {
    for (const [index, share] of waiting) {
      worker.postMessage(share);
      const [tallies]: readonly unknown[] = await once(worker, 'message');
      // What simulate answered there.
      results[index] = tallies as readonly Tally[];
    }
  };
  const workers = Array.from(
    { length: Math.min(availableParallelism(), shares.length) },
    () => new Worker(new URL('./worker.ts', import.meta.url)),
  );
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}
