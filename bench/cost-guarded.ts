/**
 * How often an audit of the preset cost-guarded takes a whole night back: nights on data of many seeds, with the preset's own
 * gates, search, router and generator.
 * Usage: node bench/cost-guarded.ts [--nights 100] [--from 1] [--json]
 */
import { parseArgs } from 'node:util';
import { playNight } from './cost-guarded/night.ts';

const { values } = parseArgs({
  options: {
    nights: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const [nights, from] = [Number(values.nights), Number(values.from)];

const played = [];
for (let seed = from; seed < from + nights; seed++) {
  const night = await playNight(seed);
  played.push({ seed, ...night });
  if (!values.json)
    console.log(
      `${seed}: ${night.keeps} kept, ${night.rolledBack} of ${night.audits} audits took back${night.isLost ? ', all of it' : ''}`,
    );
}
const lost = played.filter(({ isLost }) => isLost).length;
const some = played.filter(({ rolledBack }) => rolledBack > 0).length;
if (values.json) console.log(JSON.stringify({ nights, lost, some, played }, null, 2));
else console.log(`\nof ${nights} nights, an audit took something back in ${some}, and everything in ${lost}`);
