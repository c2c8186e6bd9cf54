// PROTECTED: starts the extractor in a process that can read its own folder and nothing else, hands it one text after
// the other, and counts every paid step, because the steps are taken here.
import { spawn } from 'node:child_process';
import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const LIMIT_MS = 60_000;
const MOST_STEPS = 50;

/** For each document, in their order: the values given, null where there is none, and the cost in cents. */
export async function runExtractor({ root, documents, fields, prices }) {
  const folder = realpathSync(join(root, 'extractor'));
  refuseLinks(folder);
  const host = realpathSync(join(root, 'evaluation/host.mjs'));
  const flags = ['--permission', `--allow-fs-read=${folder}`, `--allow-fs-read=${host}`];
  // No environment: neither the split nor the seed is the extractor's business.
  const child = spawn(process.execPath, [...flags, host, join(folder, 'extract.mjs')], {
    cwd: folder,
    env: {},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const send = (message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  try {
    const results = [];
    for (const document of documents) results.push(await readOne(document, { lines, send, fields, prices }));
    return results;
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}

async function readOne({ text, rescan = text, answers = {} }, { lines, send, fields, prices }) {
  let cost = prices.document;
  send({ text });
  for (let steps = 0; steps <= MOST_STEPS; steps++) {
    const { value: line, done } = await lines.next();
    if (done) throw new Error('the extractor ended before the last document');
    const message = JSON.parse(line);
    if (message.values !== undefined) return { values: checked(message.values, fields), cost };
    if (message.rescan === true) {
      cost += prices.rescan;
      send({ text: rescan });
    } else if (fields.includes(message.ask)) {
      cost += prices.answer;
      send({ answer: answers[message.ask] ?? null });
    } else throw new Error(`the extractor asked for something there is not: ${line.slice(0, 200)}`);
  }
  throw new Error(`the extractor took more than ${MOST_STEPS} paid steps for one document`);
}

function checked(values, fields) {
  const unknown = Object.keys(values).find((field) => !fields.includes(field));
  if (unknown !== undefined) throw new Error(`the extractor gave a field there is not: ${unknown}`);
  return Object.fromEntries(
    fields.map((field) => {
      const value = values[field] ?? null;
      if (value !== null && typeof value !== 'string')
        throw new Error(`the extractor gave ${field} as ${JSON.stringify(value)}: a text or null is asked`);
      return [field, value === '' ? null : value];
    }),
  );
}

/** Through a link, a file outside the folder could be read. */
function refuseLinks(folder) {
  for (const path of readdirSync(folder, { recursive: true })) {
    if (lstatSync(join(folder, path)).isSymbolicLink())
      throw new Error(`extractor/${path} is a link, and only plain files are allowed there`);
  }
}
