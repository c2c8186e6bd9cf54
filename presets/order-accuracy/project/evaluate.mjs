// PROTECTED: hands the orders to the matcher, compares its answers with the labels, writes one row for each order and line.
//
// The matcher never sees the labels. It runs in a process of its own, from a copy of its folder, and Node lets that
// process read nothing else, write nothing and start nothing. What it prints is an answer or a note, never a figure.
import { spawnSync } from 'node:child_process';
import { cpSync, lstatSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCsv, toCsv } from './csv.mjs';

const here = import.meta.dirname;
const MATCHER_SECONDS = 60;
const DECISIONS = ['accept', 'review', 'duplicate', 'unknown', 'licence', 'price'];

if (!process.allowedNodeEnvironmentFlags.has('--permission'))
  fail(`Node 22.13 or newer is needed to keep the matcher to its folder; this is ${process.version}`);
const sources = JSON.parse(readFileSync(join(here, 'sources.json'), 'utf8'));
const split = process.env.AUTORESEARCH_SPLIT === 'holdout' ? sources.holdout : sources.loop;
const catalogue = readCsv(join(here, sources.catalogue));
const orders = readCsv(join(here, split, 'orders.csv'));
const labels = new Map(readCsv(join(here, split, 'labels.csv')).map((label) => [keyOf(label), label]));
const unlabelled = orders.filter((row) => !labels.has(keyOf(row)));
if (unlabelled.length > 0) fail(`${split}: ${unlabelled.length} lines have no label, such as ${keyOf(unlabelled[0])}`);

const answers = check(ask({ catalogue, orders }));
const controlled = new Set(catalogue.filter((article) => article.controlled === 'yes').map(({ code }) => code));
const lines = orders.map((row) => assess(row, labels.get(keyOf(row)), answers.get(keyOf(row))));
const byOrder = [...Map.groupBy(lines, ({ order }) => order)].map(([order, list]) => ({
  id: order,
  right: list.every(({ isRight }) => isRight),
  reviewed: list.some(({ decision }) => decision === 'review'),
}));
writeFileSync(join(here, 'orders.items.csv'), toCsv(byOrder));
writeFileSync(
  join(here, 'lines.items.csv'),
  toCsv(lines.map(({ key, group, isFalseAccept }) => ({ id: key, group, false_accept: isFalseAccept }))),
);
report();

/** Runs the matcher on the orders, and nothing but the orders. */
function ask(input) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'matcher-')));
  try {
    // A symbolic link would lead out of the folder.
    cpSync(join(here, 'matcher'), join(folder, 'matcher'), { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
    cpSync(join(here, 'runner.mjs'), join(folder, 'runner.mjs'));
    const run = spawnSync(process.execPath, ['--permission', `--allow-fs-read=${folder}`, join(folder, 'runner.mjs')], {
      cwd: folder,
      env: {},
      input: JSON.stringify(input),
      encoding: 'utf8',
      timeout: MATCHER_SECONDS * 1000,
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (run.error?.code === 'ETIMEDOUT') fail(`the matcher took more than ${MATCHER_SECONDS} s`);
    if (run.status !== 0) fail(`the matcher ended with ${run.signal ?? `exit code ${run.status}`}`);
    return JSON.parse(run.stdout);
  } catch (error) {
    return fail(`the matcher's answers cannot be read: ${error.message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One answer for each line, with a decision that there is. */
function check(list) {
  if (!Array.isArray(list)) fail('the matcher answered with no list');
  const found = new Map(list.map((answer) => [keyOf(answer), answer]));
  for (const key of labels.keys()) if (!found.has(key)) fail(`the matcher has no answer for line ${key}`);
  for (const [key, { decision }] of found)
    if (!DECISIONS.includes(decision)) fail(`line ${key}: "${decision}" is none of ${DECISIONS.join(', ')}`);
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
      `${key}: "${[written, text, amount, unit, price].join(' | ')}" is ${label.decision} ${label.code} ${label.quantity}, answered ${decision} ${code} ${quantity}`,
    );
  }
}

function keyOf({ order, line }) {
  return `${order}-${line}`;
}

/** Ends with one line of reason, so that nothing is measured. */
function fail(reason) {
  console.error(reason);
  process.exit(1);
}
