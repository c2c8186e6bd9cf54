/**
 * What the gates' decisions come to: thousands of simulated nights of 100 trials, driven through the real gates,
 * the real run state and the real verdicts. Only ideas and training are simulated. Seeded: the same numbers every time.
 * Usage: node bench/decisions.ts [--full | --all] [--nights 600] [--budget 100] [--world NAME] [--seed 1] [--json]
 *        node bench/decisions.ts --slots 1,2,4,8,16 [--full] [--nights 120] [--seed 1] [--json]: nights with slots side by side
 * Plays what the lines of `must hold` read. `--all` plays every policy in every world, `--world` every policy in that one,
 * `--full` every policy in every world for more nights.
 */
import { parseArgs } from 'node:util';
import { checksOf, type Find } from './decisions/checks.ts';
import { compareSlots } from './decisions/parallel/main.ts';
import { simulateAll } from './decisions/pool.ts';
import type { Share } from './decisions/simulate.ts';
import { checksText, tableOf } from './decisions/table.ts';
import { add, cellOf, EMPTY } from './decisions/tally.ts';
import { wantedIn } from './decisions/wanted.ts';
import { UNIT, WORLDS } from './decisions/worlds.ts';

/** Nights of the world of the public record; the other worlds have a share of them. */
const USUAL = 600;
const FULL = 1500;
/** Nights of one share of the work. */
const SHARE = 25;

const { values } = parseArgs({
  options: {
    nights: { type: 'string' },
    full: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    budget: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    world: { type: 'string', multiple: true },
    slots: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
if (values.slots !== undefined) {
  const options = { nights: Number(values.nights ?? (values.full ? 600 : 120)), seed: Number(values.seed), json: values.json };
  const holds = await compareSlots({ ...options, slots: values.slots.split(',').map(Number) });
  // What follows is about one slot.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  // oxlint-disable-next-line unicorn/no-process-exit -- the top level of a script has no other way to end early
  process.exit(holds ? 0 : 1);
}
const [nights, budget, seed] = [Number(values.nights ?? (values.full ? FULL : USUAL)), Number(values.budget), Number(values.seed)];

const isWanted = ({ name }: { readonly name: string }) => values.world === undefined || values.world.includes(name);
const isWhole = values.full || values.all || values.world !== undefined;
const shares = WORLDS.flatMap((each, world): Share[] => {
  const { name, weight } = each;
  const wanted = isWanted({ name }) ? wantedIn(each, isWhole).map((policy) => policy.name) : [];
  if (wanted.length === 0) return [];
  const total = Math.max(1, Math.round(nights * weight));
  return Array.from({ length: Math.ceil(total / SHARE) }, (_, part) => ({
    world,
    from: part * SHARE,
    to: Math.min(total, (part + 1) * SHARE),
    seed,
    budget,
    policies: wanted,
  }));
});
const simulated = await simulateAll(shares);

const worlds = WORLDS.flatMap((world, index) => {
  const parts = simulated.filter((_, part) => shares[part]?.world === index);
  const policies = shares.find((share) => share.world === index)?.policies ?? [];
  if (policies.length === 0) return [];
  const rows = policies.map((name, place) => {
    const tally = parts.reduce((sum, tallies) => add(sum, tallies[place] ?? EMPTY), EMPTY);
    return { policy: name, cell: cellOf(tally, { sigma: world.sigma * UNIT, budget: world.budget ?? budget }) };
  });
  return [{ world, rows }];
});
const find: Find = (name, policy) => {
  const cell = worlds.find(({ world }) => world.name === name)?.rows.find((row) => row.policy === policy)?.cell;
  if (cell === undefined) throw new Error(`${policy} was not simulated in the world ${name}`);
  return cell;
};
const checks = values.world === undefined ? checksOf(find) : [];

if (values.json) {
  const plain = worlds.map(({ world: { name, about, sigma }, rows }) => ({ name, about, sigma: sigma * UNIT, rows }));
  console.log(JSON.stringify({ seed, budget, worlds: plain, checks }, null, 2));
} else {
  for (const { world, rows } of worlds) console.log(`${tableOf(world, rows)}\n`);
  console.log(`must hold\n${checksText(checks)}`);
}
if (checks.some(({ holds }) => !holds)) process.exitCode = 1;
