import { onAllCores } from '../pool.ts';
import { checksText } from '../table.ts';
import { OFFERED, PARALLEL } from './policies.ts';
import { biasOf, checksOfParallel, gainOf, keepsOf, parallelTable, withError, type Played } from './report.ts';
import { NOTHING, plus, WALL, type ParallelShare, type ParallelTally } from './simulate.ts';

export interface ParallelOptions {
  readonly slots: readonly number[];
  /** Nights with one slot; with more slots, which say more each, there are fewer. */
  readonly nights: number;
  readonly seed: number;
  readonly json: boolean;
}

/** A part of a column that is small enough to be spread over cores. */
const PART = 4;
const FEWEST = 4;

type Column = Omit<Played, 'tally'>;

/** Plays nights with so many slots, prints the tables and what must hold; false where a line does not hold. */
export async function compareSlots({ slots, nights, seed, json }: ParallelOptions): Promise<boolean> {
  const columns: Column[] = slots.flatMap((count) => [
    ...PARALLEL.map(({ name }) => ({ policy: name, world: 'real', survive: 1, slots: count })),
    ...PARALLEL.filter(({ moves }) => moves).map(({ name }) => ({ policy: name, world: 'real', survive: 0.7, slots: count })),
    { policy: OFFERED, world: 'null', survive: 1, slots: count },
  ]);
  const shares = columns.flatMap(({ policy, world, survive, slots: count }, index) => {
    // Policies with a line under `must hold` get more nights.
    const weight = policy === OFFERED && survive === 1 ? 2 : 1;
    const total = Math.max(FEWEST, Math.round((weight * nights) / count ** 0.8));
    return Array.from({ length: Math.ceil(total / PART) }, (_, part): ParallelShare & { readonly index: number } => {
      const [from, to] = [part * PART, Math.min(total, (part + 1) * PART)];
      return { index, policy, world, survive, slots: count, from, to, seed };
    });
  });
  // The long ones first, so that no core is left with one of them at the end.
  const ordered = shares.toSorted((a, b) => b.slots - a.slots);
  const tallies = await onAllCores<ParallelShare, ParallelTally>(ordered, new URL('./worker.ts', import.meta.url));
  const played = columns.map((column, index): Played => {
    const tally = tallies.reduce((sum, each, i) => (ordered[i]?.index === index ? plus(sum, each) : sum), NOTHING);
    return { ...column, tally };
  });
  const checks = checksOfParallel(played);
  if (json) console.log(JSON.stringify({ seed, wall: WALL, played, checks }, null, 2));
  else print(played, slots, checks);
  return checks.every(({ holds }) => holds);
}

function print(played: readonly Played[], slots: readonly number[], checks: ReturnType<typeof checksOfParallel>): void {
  const of = (world: string, survive: number) => played.filter((each) => each.world === world && each.survive === survive);
  const of100 = (tally: ParallelTally) => keepsOf(tally).mean.toFixed(1);
  console.log(`true gain in sigma, by the wall clock of ${WALL} trials; an agent for each slot takes 60 to 300 s, a trial 300 s`);
  console.log(`${parallelTable(of('real', 1), slots, (tally) => withError(gainOf(tally)))}\n`);
  console.log('the same, where 70 % of ideas still work after each keep that they are moved over');
  console.log(`${parallelTable(of('real', 0.7), slots, (tally) => withError(gainOf(tally)))}\n`);
  console.log('claim minus truth after the audit, sigma');
  console.log(`${parallelTable(of('real', 1), slots, (tally) => withError(biasOf(tally)))}\n`);
  console.log('keeps of 100 changes that were decided');
  console.log(`${parallelTable(of('real', 1), slots, of100)}\n`);
  console.log('the same where no idea has any effect');
  console.log(`${parallelTable(of('null', 1), slots, of100)}\n`);
  console.log(`must hold\n${checksText(checks)}`);
}
