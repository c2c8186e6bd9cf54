/**
 * How a swarm grows: synthetic ledgers of many nodes in real repositories, and what each step takes. Pushes are compared with
 * those to a repository without experiments, syncs with a fetch that brings nothing, in turns: each as nodes do it, and with git
 * alone. What must hold is asked of a remote that git has packed, as it does by itself.
 * Usage: node bench/swarm-scale.ts [--nodes 16,64] [--experiments 100000] [--push 50000] [--json]
 */
import { parseArgs } from 'node:util';
import { checksText } from './decisions/table.ts';
import { measurePushes } from './swarm/push.ts';
import { measureScale, type Figures } from './swarm/scale.ts';
import type { Syncs } from './swarm/syncs.ts';
import type { Taken } from './swarm/time.ts';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '16,64' },
    experiments: { type: 'string', default: '100000' },
    push: { type: 'string', default: '50000' },
    json: { type: 'boolean', default: false },
  },
});
const [LEAST_RATE, MOST_SYNC, MOST_PUSH] = [50_000, 5, 1.5];

const figures: Figures[] = [];
for (const nodes of values.nodes.split(',').filter(Boolean).map(Number))
  figures.push(await measureScale(nodes, Number(values.experiments)));
const count = Number(values.push);
const pushes = count > 0 ? await measurePushes(count) : null;

const ms = (seconds: number) => `${(1000 * seconds).toFixed(0)} ms`;
const STATES = { many: 'a pack of each node at the remote', packed: 'the remote after git gc' } as const;
const times = (one: number, other: number) => `${(one / other).toFixed(1)} x`;
type Row = readonly [string, (one: Figures) => string];
function syncRows(state: 'many' | 'packed'): Row[] {
  const both = ({ wall, cpu }: Taken) => `${ms(wall)}, ${ms(cpu)}`;
  const against = (one: Taken, other: Taken) => `${times(one.wall, other.wall)}, ${times(one.cpu, other.cpu)}`;
  const row = (name: string, of: (syncs: Syncs) => string): Row => [name, (one) => of(one[state])];
  return [
    [STATES[state], () => 'clock, processors'],
    row('  fetch that brings nothing, as nodes do it', ({ empty }) => both(empty)),
    row('  the same with git alone', ({ bareEmpty }) => both(bareEmpty)),
    row('  100 entries with git alone', ({ bareFetch }) => both(bareFetch)),
    row('    against nothing with git alone', ({ bareFetch, bareEmpty }) => against(bareFetch, bareEmpty)),
    row('  sync of 100 entries, until the state is known', ({ sync }) => both(sync)),
    row('    against a fetch that brings nothing', ({ sync, empty }) => against(sync, empty)),
    row('    against git alone fetching as many', ({ sync, bareFetch }) => against(sync, bareFetch)),
  ];
}
const rows: readonly Row[] = [
  ['experiments', ({ experiments }) => String(experiments)],
  ['first sync: clone, sizes, signatures', ({ clone }) => `${clone.toFixed(1)} s`],
  ['first fold: reading, and writing the cache', ({ read }) => `${read.toFixed(1)} s`],
  ['fold from the cache, processor time', ({ fromCache }) => `${fromCache.toFixed(2)} s`],
  ['records a second from the cache', ({ fromCache, experiments }) => String(Math.round(experiments / fromCache))],
  ['the same for a command, with what git says', ({ again }) => `${again.toFixed(2)} s`],
  ['status --swarm, once folded', ({ status }) => ms(status)],
  ['log of all, once folded', ({ log }) => ms(log)],
  ['page data, with the last 2000 rows', ({ page, pageBytes }) => `${ms(page)}, ${(pageBytes / 1000).toFixed(0)} kB`],
  ...(['many', 'packed'] as const).flatMap((state) => syncRows(state)),
];
const checks = [
  ...figures.flatMap(({ nodes, fromCache, experiments, packed: { sync, empty } }) => [
    {
      what: `${nodes} nodes: records a second from the cache`,
      found: `${Math.round(experiments / fromCache)}, at least ${LEAST_RATE}`,
      holds: experiments / fromCache >= LEAST_RATE,
    },
    {
      what: `${nodes} nodes: sync of 100 entries against an empty fetch`,
      found: `${(sync.wall / empty.wall).toFixed(2)}, at most ${MOST_SYNC}`,
      holds: sync.wall / empty.wall <= MOST_SYNC,
    },
  ]),
  ...(pushes === null
    ? []
    : [
        {
          what: `push with ${count} experiments against one to an empty repository`,
          found: `${(pushes.packed.full.node / pushes.packed.empty.node).toFixed(2)}, at most ${MOST_PUSH}`,
          holds: pushes.packed.full.node / pushes.packed.empty.node <= MOST_PUSH,
        },
      ]),
];
if (values.json) {
  console.log(JSON.stringify({ figures, pushes, checks }, null, 2));
} else {
  for (const [name, of] of [['nodes', ({ nodes }: Figures) => String(nodes)] as const, ...rows]) {
    console.log(`${name.padEnd(46)}${figures.map((one) => of(one).padStart(20)).join('')}`);
  }
  for (const [state, { full, empty }] of Object.entries(pushes ?? {})) {
    const text = (how: 'node' | 'bare') => `${ms(full[how])} / ${ms(empty[how])} = ${times(full[how], empty[how])}`;
    console.log(`push with ${count} experiments, ${STATES[state as keyof typeof STATES]}: ${text('node')}; with git alone ${text('bare')}`);
  }
  console.log(`\nmust hold\n${checksText(checks)}`);
}
if (checks.some(({ holds }) => !holds)) process.exitCode = 1;
