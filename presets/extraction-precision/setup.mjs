import { randomInt } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDocument } from './generator/document.mjs';
import { createRandom } from './generator/random.mjs';

const DOCUMENTS = 800;
const HELD_OUT = 1000;
const EXAMPLES = 200;
const CRITICAL = 40;

/**
 * Makes the sample data of a new project, once. Only the examples are the same for everybody: all that is measured on comes
 * from a seed that nobody keeps, so that it is in no package, and no program can make it again. Only tests give a seed.
 */
export default function setUp(dir, seed = randomInt(2 ** 32)) {
  for (const file of ['engine.mjs', 'serve.mjs']) cpSync(join(import.meta.dirname, '../shared', file), join(dir, 'evaluation', file));
  const folder = join(dir, 'data');
  mkdirSync(folder, { recursive: true });
  const documents = make(seed, DOCUMENTS, 'd');
  write(folder, 'documents.jsonl', toLines(documents));
  write(folder, 'holdout.jsonl', toLines(make((seed + 1) % 2 ** 32, HELD_OUT, 'h')));
  write(folder, 'examples.jsonl', toLines(make(1, EXAMPLES, 'e')));
  write(folder, 'critical.txt', `${critical(documents).join('\n')}\n`);
}

function make(seed, count, prefix) {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => makeDocument(random, `${prefix}-${String(index + 1).padStart(4, '0')}`));
}

/** The largest invoices' accounts and totals: what nobody wants to pay wrongly. */
function critical(list) {
  const invoices = list.filter(({ kind }) => kind === 'invoice');
  const largest = invoices.toSorted((a, b) => Number(b.labels.total) - Number(a.labels.total)).slice(0, CRITICAL);
  return largest.flatMap(({ id }) => [`${id}/iban`, `${id}/total`]);
}

function toLines(list) {
  return list.map((document) => `${JSON.stringify(document)}\n`).join('');
}

/** Never over a file of the user's. */
function write(folder, name, text) {
  const file = join(folder, name);
  if (!existsSync(file)) writeFileSync(file, text);
}
