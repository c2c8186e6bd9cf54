/**
 * What trials on other machines cost, in two lines for each engine, each with PASS or FAIL:
 * - a trial that does nothing, from its submission to its result, against the same by hand (files sent, run in a fresh folder,
 *   results brought back, folder removed) and against a job that does nothing at all, in turns;
 * - the share of the time in which programs run, with eight slots and trials of two seconds, beside that of eight loops which
 *   submit a job, wait for it and submit the next.
 * All of it on this machine: the engines too, so each takes processor time from the others.
 * Usage: node bench/cluster.ts [rounds, default 10] [trials of each slot, default 10] [engines, default ssh,slurm,ray]
 */
import { cpus, loadavg } from 'node:os';
import { busyWith, plainBusy } from './cluster/busy.ts';
import { measureNoOps } from './cluster/no-op.ts';
import { PLACES } from './cluster/places.ts';

const MOST_OF_BY_HAND = 1.3;
const LEAST_BUSY = 0.95;
const [rounds = 10, perSlot = 10] = process.argv.slice(2, 4).map(Number);
const names = process.argv[4]?.split(',') ?? Object.keys(PLACES);
let failed = 0;

const load = () => `${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}`;
const ms = (seconds: number) => `${(seconds * 1000).toFixed(0)} ms`;
const verdict = (isPassed: boolean) => {
  if (!isPassed) failed++;
  return isPassed ? 'PASS' : 'FAIL';
};

console.log(load());
for (const name of names) {
  const place = await PLACES[name]?.();
  if (place === null || place === undefined) {
    console.log(`${name}: cannot be started here`);
    continue;
  }
  try {
    if (rounds > 0) {
      const { trial, byHand, plain, ofByHand, ofPlain } = await measureNoOps(place, rounds);
      console.log(
        `${verdict(ofByHand <= MOST_OF_BY_HAND)} ${name}: a trial that does nothing takes ${ms(trial)}, ${ofByHand.toFixed(2)} of the same by hand (${ms(byHand)}; at most ${MOST_OF_BY_HAND}), ${ofPlain.toFixed(2)} of a job that does nothing (${ms(plain)})`,
      );
    }
    if (perSlot > 1) {
      const work = { slots: 8, perSlot, trialSeconds: 2 };
      const own = await plainBusy(place, work);
      const busy = busyWith(place, work);
      console.log(
        `${verdict(busy >= LEAST_BUSY)} ${name}: programs run for ${(busy * 100).toFixed(0)} % of the slots' time (at least ${LEAST_BUSY * 100}), with bare loops for ${(own * 100).toFixed(0)} %`,
      );
    }
  } finally {
    await place.remove();
  }
}
console.log(load());
process.exitCode = failed === 0 ? 0 : 1;
