// PROTECTED: hands the orders to the matcher, compares its answers with the labels, writes one row for each order and line.
//
// The matcher runs elsewhere and never sees the labels. What it prints is an answer or a note, never a figure.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askCandidate, readData, split } from './evaluation/engine.mjs';

const results = join(import.meta.dirname, 'results');
const DECISIONS = ['accept', 'review', 'duplicate', 'unknown', 'licence', 'price'];

// An agent that runs the evaluation itself gets the examples.
const isExample = split === 'open';
const catalogue = asTexts(readData('catalogue'));
const orders = asTexts(readData(isExample ? 'example' : 'order'));
const labels = new Map(readData(isExample ? 'example-label' : 'label').rows.map((label) => [keyOf(label), label]));
const unlabelled = orders.filter((row) => !labels.has(keyOf(row)));
if (unlabelled.length > 0) throw new Error(`${unlabelled.length} lines have no label, such as ${keyOf(unlabelled[0])} (${split})`);

const [found] = await askCandidate([{ catalogue, orders }], { serve: ['node', 'serve.mjs'] });
const answers = check(found);
const controlled = new Set(catalogue.filter((article) => article.controlled === 'yes').map(({ code }) => code));
const lines = orders.map((row) => assess(row, labels.get(keyOf(row)), answers.get(keyOf(row))));
const byOrder = [...Map.groupBy(lines, ({ order }) => order)].map(([order, list]) => ({
  id: order,
  right: list.every(({ isRight }) => isRight),
  reviewed: list.some(({ decision }) => decision === 'review'),
}));
mkdirSync(results, { recursive: true });
writeFileSync(join(results, 'metrics.json'), JSON.stringify({ rows: orders.length }));
writeItems('orders.jsonl', byOrder);
writeItems(
  'lines.jsonl',
  lines.map(({ key, group, isFalseAccept }) => ({ id: key, group, false_accept: isFalseAccept })),
);
report();

/** A matcher gets every column as the text that a CSV file has, whatever the file was. */
function asTexts({ rows, schema }) {
  const columns = Object.keys(schema.properties);
  return rows.map((row) => Object.fromEntries(columns.map((name) => [name, String(row[name] ?? '')])));
}

/** One answer for each line, with a decision that there is. */
function check(list) {
  if (!Array.isArray(list)) throw new Error('the matcher answered with no list');
  const found = new Map(list.map((answer) => [keyOf(answer), answer]));
  for (const key of labels.keys()) if (!found.has(key)) throw new Error(`the matcher has no answer for line ${key}`);
  for (const [key, { decision }] of found)
    if (!DECISIONS.includes(decision)) throw new Error(`line ${key}: "${decision}" is none of ${DECISIONS.join(', ')}`);
  return found;
}

function assess({ order, line }, label, { decision, code, quantity }) {
  const isSame = code === label.code && Number(quantity) === Number(label.quantity);
  const isRight =
    label.decision === 'accept' ? decision === 'accept' && isSame : decision === (label.decision === 'unclear' ? 'review' : label.decision);
  const touches = label.group === 'controlled' || controlled.has(code);
  return {
    key: keyOf({ order, line }),
    order,
    group: label.group,
    decision,
    label,
    code,
    quantity,
    isRight,
    isFalseAccept: decision === 'accept' && !isRight && touches,
  };
}

function report() {
  const share = (list, holds) => list.filter(holds).length / list.length;
  console.log(`order_accuracy: ${share(byOrder, ({ right }) => right).toFixed(4)}`);
  console.log(`review_share: ${share(byOrder, ({ reviewed }) => reviewed).toFixed(4)}`);
  console.log(`false_accepts_controlled: ${lines.filter(({ group, isFalseAccept }) => group === 'controlled' && isFalseAccept).length}`);
  const wrong = lines.filter(({ isRight }) => !isRight);
  const kinds = Object.entries(Object.groupBy(wrong, ({ decision, label }) => `${label.decision} answered with ${decision}`));
  for (const [kind, list] of kinds.toSorted((a, b) => b[1].length - a[1].length))
    console.log(`wrong: ${String(list.length).padStart(4)} lines ${kind}`);
  if (!process.argv.includes('--mistakes')) return;
  const texts = new Map(orders.map((row) => [keyOf(row), row]));
  for (const { key, decision, code, quantity, label } of wrong) {
    const { code: written, text, quantity: amount, unit, price } = texts.get(key);
    console.log(
      `${key}: "${[written, text, amount, unit, price].join(' | ')}" is ${label.decision} ${label.code ?? ''} ${label.quantity ?? ''}, answered ${decision} ${code} ${quantity}`,
    );
  }
}

function keyOf({ order, line }) {
  return `${order}-${line}`;
}

function writeItems(name, items) {
  writeFileSync(join(results, name), items.map((item) => `${JSON.stringify(item)}\n`).join(''));
}
