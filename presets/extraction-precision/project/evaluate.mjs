// PROTECTED: asks the extractor for the values in the texts of the labelled documents, counts what it spends and what it
// gets right. The extractor runs elsewhere, sees no label and no id, and nothing it prints is a score.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readData, split } from './evaluation/engine.mjs';
import { runExtractor } from './evaluation/run-extractor.mjs';
import { scoreFields, toItems } from './evaluation/score.mjs';

const here = import.meta.dirname;
const isHoldout = split === 'holdout';
const seed = Number(process.env.AUTORESEARCH_SEED ?? 0);
/** An audit measures each of its trials on a part of its own, so that its interval knows the luck of the sample. */
const PARTS = 5;

// An agent that runs the evaluation itself gets the examples.
const { rows: documents, schema } = readData(split === 'open' ? 'example' : 'document');
const fields = Object.keys(schema.definitions.fields.properties);
const critical = split === 'open' ? [] : readLines('data/critical.txt');
const criticalDocuments = new Set(critical.map((item) => item.replace(/\/[^/]*$/, '')));
// What is critical is watched in audits too, on the documents of the loop.
const watched = isHoldout ? readData('document', 'loop').rows.filter(({ id }) => criticalDocuments.has(id)) : [];
const all = [...documents, ...watched];
const found = await runExtractor({ documents: all, fields, prices: JSON.parse(readFileSync(join(here, 'prices.json'), 'utf8')) });
const results = all.map(({ id, labels }, index) => ({ id, labels, ...found[index] }));
const measured = results.slice(0, documents.length);

mkdirSync(join(here, 'results'), { recursive: true });
writeItems('found.jsonl', toItems(measured, fields, 'found'));
writeItems('wrong.jsonl', toItems(measured, fields, 'wrong'));
writeItems(
  'costs.jsonl',
  measured.map(({ id, cost }) => ({ id, value: cost })),
);
writeItems('critical.jsonl', criticalItems());

const part = isHoldout ? measured.filter((_, index) => index % PARTS === seed % PARTS) : measured;
const scores = scoreFields(part, fields);
writeFileSync(join(here, 'results/metrics.json'), JSON.stringify({ rows: documents.length, ...scores }, null, 2));
for (const [field, { precision, recall, f1 }] of Object.entries(scores)) {
  console.log(`${field.padEnd(12)} precision ${precision.toFixed(4)}  recall ${recall.toFixed(4)}  f1 ${f1.toFixed(4)}`);
}
console.log(`cost ${(part.reduce((sum, { cost }) => sum + cost, 0) / part.length).toFixed(4)} cents a document, ${part.length} documents`);
// Where to look next; never from held-out documents.
if (!isHoldout && process.argv.includes('--misses')) {
  for (const { id, labels, values } of measured) {
    for (const field of fields) {
      if ((labels[field] ?? null) !== values[field]) console.log(`${id} ${field}: ${values[field]} instead of ${labels[field] ?? null}`);
    }
  }
}

/** A critical item fails where the value is wrong; one that is missing goes to a person, and harms nobody. */
function criticalItems() {
  // The metric wants one item at least; this one never fails.
  if (critical.length === 0) return [{ id: 'nothing is critical', value: 0 }];
  const items = new Map(toItems(results, fields, 'wrong').map((item) => [item.id, item]));
  return critical.map((id) => {
    const item = items.get(id);
    if (item === undefined)
      throw new Error(`data/critical.txt names ${id}, but the documents have no such document and field: list your own there`);
    return item;
  });
}

function readLines(path) {
  return readFileSync(join(here, path), 'utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

function writeItems(name, items) {
  writeFileSync(join(here, 'results', name), items.map((item) => `${JSON.stringify(item)}\n`).join(''));
}
