import { parentPort } from 'node:worker_threads';
import { simulate, type Share } from './simulate.ts';

parentPort?.on('message', (share: Share) => {
  void simulate(share).then((tallies) => parentPort?.postMessage(tallies));
});
