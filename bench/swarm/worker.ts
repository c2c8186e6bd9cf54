import { parentPort } from 'node:worker_threads';
import { simulateSwarm, type SwarmShare } from './simulate.ts';

parentPort?.on('message', (share: SwarmShare) => {
  void simulateSwarm(share).then((tally) => parentPort?.postMessage(tally));
});
