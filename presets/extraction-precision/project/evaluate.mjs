// PROTECTED: reads the labelled documents, lets the extractor read their texts in a process of its own, counts what it
// spends and what it gets right. The extractor sees no label and no id, and nothing it prints is a score.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runExtractor } from './evaluation/run-extractor.mjs';
import { scoreFields, toItems } from './evaluation/score.mjs';

const here = import.meta.dirname;
const isHoldout = process.env.AUTORESEARCH_SPLIT === 'holdout';
const seed = Number(process.env.AUTORESEARCH_SEED ?? 0);
/** An audit measures each of its trials on a part of its own, so that its interval knows the luck of the sample. */
const PARTS = 5;

const fields = Object.keys(readJson('data/document.schema.json').definitions.fields.properties);
const sample = readRows('data/documents.jsonl');
const critical = readLines('data/critical.txt');
const criticalDocuments = new Set(critical.map((item) => item.replace(/\/[^/]*$/, '')));
const documents = isHoldout ? readRows('data/holdout.jsonl') : sample;
const watched = sample.filter(({ id }) => criticalDocuments.has(id));
const all = isHoldout ? [...documents, ...watched] : documents;
const found = await runExtractor({ root: here, documents: all, fields, prices: readJson('prices.json') });
const results = all.map((document, index) => ({ id: document.id, labels: document.labels, ...found[index] }));
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
writeFileSync(join(here, 'results/metrics.json'), JSON.stringify(scores, null, 2));
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
  const items = new Map(toItems(results, fields, 'wrong').map((item) => [item.id, item]));
  return critical.map((id) => {
    const item = items.get(id);
    if (item === undefined) throw new Error(`data/critical.txt names ${id}, but no document and field of data/documents.jsonl`);
    return item;
  });
}

function readJson(path) {
  return JSON.parse(readFileSync(join(here, path), 'utf8'));
}

function readLines(path) {
  return readFileSync(join(here, path), 'utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

function readRows(path) {
  return readLines(path).map((line) => JSON.parse(line));
}

function writeItems(name, items) {
  writeFileSync(join(here, 'results', name), items.map((item) => `${JSON.stringify(item)}\n`).join(''));
}
