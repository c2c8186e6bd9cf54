/**
 * Adds the proposals of a recorded run to streams.json, in their order, as the values they set.
 * Usage: autoresearch log RUN --json | node bench/early-stop/record.ts [how many]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { SettledExperiment } from '../../src/experiment.ts';
import { readStreams, STREAMS, type Change } from './streams.ts';

const experiments = JSON.parse(readFileSync(0, 'utf8')) as SettledExperiment[];
const changes = experiments
  .flatMap(({ proposal }): Change[] => (proposal.params ? [proposal.params] : []))
  .slice(0, Number(process.argv[2] ?? 100));
const streams = [...readStreams(), changes];
const lines = streams.map((stream) => `  [\n${stream.map((change) => `    ${JSON.stringify(change)}`).join(',\n')}\n  ]`);
writeFileSync(STREAMS, `[\n${lines.join(',\n')}\n]\n`);
console.log(`stream ${streams.length}: ${changes.length} changes`);
