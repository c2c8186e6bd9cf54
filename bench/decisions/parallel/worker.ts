import { parentPort } from 'node:worker_threads';
import { simulateParallel, type ParallelShare } from './simulate.ts';

parentPort?.on('message', (share: ParallelShare) => {
  void simulateParallel(share).then((tally) => parentPort?.postMessage(tally));
});
