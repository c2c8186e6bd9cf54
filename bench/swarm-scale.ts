/**
 * How a swarm grows: synthetic ledgers of many nodes in real repositories, and what each step takes. Pushes are compared with
 * those to a repository without experiments, syncs with a fetch that brings nothing, in turns.
 * Usage: node bench/swarm-scale.ts [--nodes 16,64] [--experiments 100000] [--push 50000] [--json]
 */
import { parseArgs } from 'node:util';
import { checksText } from './decisions/table.ts';
import { measurePushes } from './swarm/push.ts';
import { measureScale, type Figures } from './swarm/scale.ts';

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
const rows: readonly (readonly [string, (one: Figures) => string])[] = [
  ['experiments', ({ experiments }) => String(experiments)],
  ['first sync: clone, sizes, signatures', ({ clone }) => `${clone.toFixed(1)} s`],
  ['first fold: reading, and writing the cache', ({ read }) => `${read.toFixed(1)} s`],
  ['fold from the cache, processor time', ({ fromCache }) => `${fromCache.toFixed(2)} s`],
  ['records a second from the cache', ({ fromCache, experiments }) => String(Math.round(experiments / fromCache))],
  ['the same for a command, with what git says', ({ again }) => `${again.toFixed(2)} s`],
  ['status --swarm, once folded', ({ status }) => ms(status)],
  ['log of all, once folded', ({ log }) => ms(log)],
  ['page data, with the last 2000 rows', ({ page, pageBytes }) => `${ms(page)}, ${(pageBytes / 1000).toFixed(0)} kB`],
  ['git fetch that brings nothing', ({ emptyFetch }) => ms(emptyFetch)],
  ['git fetch of 100 entries', ({ fetch100 }) => ms(fetch100)],
  ['sync of 100 entries, until the state is known', ({ sync100 }) => ms(sync100)],
  ['  against the fetch that brings nothing', ({ sync100, emptyFetch }) => `${(sync100 / emptyFetch).toFixed(1)} x`],
  ['  against git alone fetching as many', ({ sync100, fetch100 }) => `${(sync100 / fetch100).toFixed(1)} x`],
];
const checks = [
  ...figures.flatMap(({ nodes, fromCache, experiments, sync100, emptyFetch }) => [
    {
      what: `${nodes} nodes: records a second from the cache`,
      found: `${Math.round(experiments / fromCache)}, at least ${LEAST_RATE}`,
      holds: experiments / fromCache >= LEAST_RATE,
    },
    {
      what: `${nodes} nodes: sync of 100 entries against an empty fetch`,
      found: `${(sync100 / emptyFetch).toFixed(2)}, at most ${MOST_SYNC}`,
      holds: sync100 / emptyFetch <= MOST_SYNC,
    },
  ]),
  ...(pushes === null
    ? []
    : [
        {
          what: `push with ${count} experiments against one to an empty repository`,
          found: `${ms(pushes.full)} / ${ms(pushes.empty)} = ${(pushes.full / pushes.empty).toFixed(2)}, at most ${MOST_PUSH}`,
          holds: pushes.full / pushes.empty <= MOST_PUSH,
        },
      ]),
];
if (values.json) {
  console.log(JSON.stringify({ figures, pushes, checks }, null, 2));
} else {
  for (const [name, of] of [['nodes', ({ nodes }: Figures) => String(nodes)] as const, ...rows]) {
    console.log(`${name.padEnd(46)}${figures.map((one) => of(one).padStart(20)).join('')}`);
  }
  console.log(`\nmust hold\n${checksText(checks)}`);
}
if (checks.some(({ holds }) => !holds)) process.exitCode = 1;
