// PROTECTED: asks the router for the queues of the labelled messages' texts, counts what it spends and what it gets right.
// The router runs elsewhere, sees no label and no id, and nothing it prints is a score.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readData, split } from './evaluation/engine.mjs';
import { runRouter } from './evaluation/run-router.mjs';

const here = import.meta.dirname;
const isHoldout = split === 'holdout';
const seed = Number(process.env.AUTORESEARCH_SEED ?? 0);
/** An audit measures each of its trials on a part of its own, so that its interval knows the luck of the sample. */
const PARTS = 5;

// An agent that runs the evaluation itself gets the examples.
const { rows: messages, schema } = readData(split === 'open' ? 'example' : 'message');
const queues = schema.definitions.queue.enum;
const routed = await runRouter({ messages, queues, prices: JSON.parse(readFileSync(join(here, 'prices.json'), 'utf8')) });
const results = messages.map(({ id, label }, index) => ({ id, label, ...routed[index] }));

mkdirSync(join(here, 'results'), { recursive: true });
writeItems('right.jsonl', ({ queue, label }) => (queue === label ? 1 : 0));
writeItems('latency.jsonl', ({ ms }) => ms);
const part = isHoldout ? results.filter((_, index) => index % PARTS === seed % PARTS) : results;
const mean = (list, valueOf) => list.reduce((sum, one) => sum + valueOf(one), 0) / list.length;
const figures = {
  rows: messages.length,
  cost_cents: mean(part, ({ cents }) => cents),
  accuracy: mean(part, ({ queue, label }) => (queue === label ? 1 : 0)),
};
writeFileSync(join(here, 'results/metrics.json'), JSON.stringify(figures, null, 2));
console.log(`cost ${figures.cost_cents.toFixed(4)} cents a message, accuracy ${figures.accuracy.toFixed(4)}, ${part.length} messages`);
for (const queue of queues) {
  const some = part.filter(({ label }) => label === queue);
  if (some.length > 0)
    console.log(`${queue.padEnd(12)} right ${mean(some, (one) => (one.queue === queue ? 1 : 0)).toFixed(4)} of ${some.length}`);
}
// Messages that were routed wrongly, to look at next; never held-out ones.
if (!isHoldout && process.argv.includes('--misses')) {
  for (const [index, { id, queue, label }] of results.entries()) {
    if (queue !== label) console.log(`${id} ${queue} instead of ${label}: ${messages[index].text}`);
  }
}

function writeItems(name, valueOf) {
  const lines = results.map((result) => `${JSON.stringify({ id: result.id, value: valueOf(result), group: result.label })}\n`);
  writeFileSync(join(here, 'results', name), lines.join(''));
}
