// PROTECTED: reads the labelled messages, lets the router read their texts in a process of its own, counts what it
// spends and what it gets right. The router sees no label and no id, and nothing it prints is a score.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runRouter } from './evaluation/run-router.mjs';

const here = import.meta.dirname;
const isHoldout = process.env.AUTORESEARCH_SPLIT === 'holdout';
const seed = Number(process.env.AUTORESEARCH_SEED ?? 0);
/** An audit measures each of its trials on a part of its own, so that its interval knows the luck of the sample. */
const PARTS = 5;

const queues = readJson('data/message.schema.json').definitions.queue.enum;
const messages = readRows(isHoldout ? 'data/holdout.jsonl' : 'data/messages.jsonl');
const routed = await runRouter({ root: here, messages, queues, prices: readJson('prices.json') });
const results = messages.map(({ id, label }, index) => ({ id, label, ...routed[index] }));

mkdirSync(join(here, 'results'), { recursive: true });
writeItems('right.jsonl', ({ queue, label }) => (queue === label ? 1 : 0));
writeItems('latency.jsonl', ({ ms }) => ms);
const part = isHoldout ? results.filter((_, index) => index % PARTS === seed % PARTS) : results;
const mean = (list, valueOf) => list.reduce((sum, one) => sum + valueOf(one), 0) / list.length;
const figures = { cost_cents: mean(part, ({ cents }) => cents), accuracy: mean(part, ({ queue, label }) => (queue === label ? 1 : 0)) };
writeFileSync(join(here, 'results/metrics.json'), JSON.stringify(figures, null, 2));
console.log(`cost ${figures.cost_cents.toFixed(4)} cents a message, accuracy ${figures.accuracy.toFixed(4)}, ${part.length} messages`);
for (const queue of queues) {
  const some = part.filter(({ label }) => label === queue);
  if (some.length > 0)
    console.log(`${queue.padEnd(12)} right ${mean(some, (one) => (one.queue === queue ? 1 : 0)).toFixed(4)} of ${some.length}`);
}
// Where to look next; never from held-out messages.
if (!isHoldout && process.argv.includes('--misses')) {
  for (const [index, { id, queue, label }] of results.entries()) {
    if (queue !== label) console.log(`${id} ${queue} instead of ${label}: ${messages[index].text}`);
  }
}

function readJson(path) {
  return JSON.parse(readFileSync(join(here, path), 'utf8'));
}

function readRows(path) {
  const lines = readFileSync(join(here, path), 'utf8').split(/\r?\n/);
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
}

function writeItems(name, valueOf) {
  const lines = results.map((result) => `${JSON.stringify({ id: result.id, value: valueOf(result), group: result.label })}\n`);
  writeFileSync(join(here, 'results', name), lines.join(''));
}
