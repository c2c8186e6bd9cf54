/**
 * The agent of both arms: sets the next values of a recorded stream in train.mjs, whatever became of those before.
 * Usage: node agent.ts STREAM COUNTER, where COUNTER is a file that remembers how far it got.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Scalar } from '../../src/experiment.ts';
import { readStreams } from './streams.ts';

const FILE = 'train.mjs';
const [, , stream = '0', counter = ''] = process.argv;
const changes = readStreams()[Number(stream)] ?? [];
let step = existsSync(counter) ? Number(readFileSync(counter, 'utf8')) : 0;
const before = readFileSync(FILE, 'utf8');
let after = before;
// Values that the incumbent has already are no change: the next ones are tried at once.
while (after === before && step < changes.length) after = applied(before, Object.entries(changes[step++] ?? {}));
writeFileSync(counter, String(step));
writeFileSync(FILE, after);
const change = changes[step - 1] ?? {};
const title = Object.entries(change)
  .map(([name, value]) => `${name} ${value}`)
  .join(', ');
const report = after === before ? { status: 'exhausted', reason: 'the stream is at its end' } : { title, params: { ...change, step } };
writeFileSync(process.env['AUTORESEARCH_REPORT'] ?? '', JSON.stringify(report));

function applied(text: string, values: readonly (readonly [string, Scalar])[]): string {
  return values.reduce((result, [name, value]) => {
    const literal = typeof value === 'string' ? `'${value}'` : String(value);
    return result.replace(new RegExp(`^const ${name} = .*;$`, 'm'), `const ${name} = ${literal};`);
  }, text);
}
