/**
 * Whether a run of tiny-lm ends on each engine as it does here: the same search, with trials here, over ssh, on Slurm and on Ray,
 * must leave the same records, but for the slot, the hardware and the times, and a branch and a ledger that verify. One line for
 * each, with PASS or FAIL. The engines are started on this machine.
 * Usage: node bench/nights-on-engines.ts [experiments, default 30] [engines, default ssh,slurm,ray]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLACES } from './cluster/places.ts';
import { firstDifference } from './nights-on-engines/comparable.ts';
import { night, type Night } from './nights-on-engines/night.ts';
import type { Place } from './nights-on-engines/project.ts';

const [experiments = 30] = process.argv.slice(2, 3).map(Number);
const engines = process.argv[3]?.split(',') ?? Object.keys(PLACES);
const home = mkdtempSync(join(tmpdir(), 'autoresearch-nights-'));
let failed = 0;

async function play(place: Place): Promise<Night> {
  const dir = mkdtempSync(join(home, `${place.use}-`));
  const done = await night(dir, place, experiments);
  const verdicts = Object.entries(done.verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  const lost = done.lost === 0 ? '' : `, ${done.lost} lost and tried again`;
  console.log(
    `${place.use}: ${verdicts.join(', ')}; ${done.trials} trials${lost}, ${done.seconds.toFixed(0)} s ${done.hardware.join(', ')}`,
  );
  return done;
}

console.log(`${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}`);
try {
  const here = await play({ use: 'command' });
  for (const name of engines) {
    const place = await PLACES[name]?.();
    if (place === null || place === undefined) {
      console.log(`${name}: cannot be started here`);
      continue;
    }
    try {
      const there = await play({ use: place.name, with: { ...(place.options as Place['with']), pollSeconds: 0.5 } });
      const wrong = [firstDifference(here.records, there.records), ...here.problems, ...there.problems].find((one) => one !== null);
      if (wrong !== undefined) failed++;
      console.log(`${wrong === undefined ? 'PASS' : 'FAIL'} ${name}: ${wrong ?? `${there.records.length} records as here, all verified`}`);
    } finally {
      await place.remove();
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
console.log(`${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}`);
process.exitCode = failed === 0 ? 0 : 1;
