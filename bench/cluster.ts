/**
 * What trials on other machines cost: a trial that does nothing, and how busy eight slots are with trials of two seconds, each
 * against the same by the engine's own means (ssh, sbatch, the Jobs API of Ray), in turns in one run. All of it on this
 * machine: the engines too, so each takes processor time from the others.
 * Usage: node bench/cluster.ts [rounds, default 10] [trials of each slot, default 5] [engines, default ssh,slurm,ray]
 */
import { cpus, loadavg } from 'node:os';
import { measureNoOps } from './cluster/no-op.ts';
import type { Place } from './cluster/place.ts';
import { PLACES } from './cluster/places.ts';
import { makeProject, measure, removeProject } from './parallel/night.ts';

const SLOTS = 8;
const TRIAL_S = 2;
const [rounds = 10, perSlot = 5] = process.argv.slice(2, 4).map(Number);
const names = process.argv[4]?.split(',') ?? Object.keys(PLACES);

const load = () => `${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}`;
const row = (...cells: readonly (string | number)[]) =>
  console.log(cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(2) : cell).padStart(14)).join(''));

console.log(`${load()}\n`);
row('engine', 'no-op, s', 'its own, s', 'ratio', 'busy', 'its own', 'of that');
for (const name of names) {
  const place = await PLACES[name]?.();
  if (place === null || place === undefined) {
    console.log(`${name.padStart(14)}  cannot be started here`);
    continue;
  }
  try {
    const { seconds, plainSeconds, ratio } = await measureNoOps(place, rounds);
    const own = await plainBusy(place);
    const busy = busyWith(place);
    row(name, seconds, plainSeconds, ratio, busy, own, busy / own);
  } finally {
    await place.remove();
  }
}
console.log(`\n${load()}`);

/** The share of the slots' time in which a program ran, in whole runs of autoresearch. */
function busyWith({ name, options }: Place): number {
  const night = { slots: SLOTS, lookahead: 1, experiments: SLOTS * perSlot, trialMs: TRIAL_S * 1000, agentMs: 0 };
  const dir = makeProject({ ...night, trainer: { use: name, with: options } });
  try {
    return (measure(dir).experimentsPerSecond * TRIAL_S) / SLOTS;
  } finally {
    removeProject(dir);
  }
}

/** The same with as many loops that submit, wait and submit again. */
async function plainBusy({ plain }: Place): Promise<number> {
  const began = performance.now();
  const loop = async () => {
    for (let trial = 0; trial < perSlot; trial++) await plain(TRIAL_S);
  };
  await Promise.all(Array.from({ length: SLOTS }, loop));
  return (perSlot * TRIAL_S) / ((performance.now() - began) / 1000);
}
