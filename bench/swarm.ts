/**
 * What nodes gain by talking: simulated nights of k nodes of one slot each, driven through the real gates, run state, fold, trust and
 * offers of a swarm, against k nodes that do not talk, of which the best by its own belief counts. A trial takes 300 s, an agent 60
 * to 300 s, machines are off each other by a standard deviation of one sigma, and a change that is moved onto another one still works
 * with the probability given. Seeded: the same numbers every time.
 * Usage: node bench/swarm.ts [--nodes 1,4,16,64] [--survive 1,0.9] [--nights 48] [--seed 1] [--json]
 */
import { parseArgs } from 'node:util';
import { onAllCores } from './decisions/pool.ts';
import { checksText } from './decisions/table.ts';
import { checksOfSwarm, tableOfSwarm, type Played } from './swarm/report.ts';
import { NOTHING, plus, WALL, type SwarmShare, type SwarmTally } from './swarm/simulate.ts';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1,4,16,64' },
    survive: { type: 'string', default: '1,0.9' },
    nights: { type: 'string', default: '48' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const counts = values.nodes.split(',').map(Number);
const survives = values.survive.split(',').map(Number);
const [nights, seed] = [Number(values.nights), Number(values.seed)];
/** Nights of one share of the work. */
const PART = 4;
const FEWEST = 2;

const columns = counts.flatMap((nodes) => [
  { nodes, talk: false, survive: 1 },
  // A node alone has nobody to move changes from.
  ...(nodes === 1 ? [] : survives.map((survive) => ({ nodes, talk: true, survive }))),
]);
const shares = columns.flatMap((column, index) => {
  const total = Math.max(FEWEST, Math.round(nights / column.nodes));
  return Array.from({ length: Math.ceil(total / PART) }, (_, part): SwarmShare & { readonly index: number } => ({
    ...column,
    index,
    from: part * PART,
    to: Math.min(total, (part + 1) * PART),
    seed,
  }));
});
// The long ones first, so that no core is left with one of them at the end.
const ordered = shares.toSorted((a, b) => b.nodes - a.nodes);
const tallies = await onAllCores<SwarmShare, SwarmTally>(ordered, new URL('./swarm/worker.ts', import.meta.url));
const played = columns.map((column, index): Played => ({
  ...column,
  tally: tallies.reduce((sum, each, i) => (ordered[i]?.index === index ? plus(sum, each) : sum), NOTHING),
}));
const checks = checksOfSwarm(played);
if (values.json) {
  console.log(JSON.stringify({ seed, wall: WALL, played, checks }, null, 2));
} else {
  console.log(
    `true gain in sigma an hour, over nights of ${WALL} trials\n${tableOfSwarm(played, counts)}\n\nmust hold\n${checksText(checks)}`,
  );
}
if (checks.some(({ holds }) => !holds)) process.exitCode = 1;
