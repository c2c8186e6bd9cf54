// PROTECTED: the other end of run-extractor.mjs, in the extractor's process.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// The messages go over standard output; what the extractor prints must not get between them.
console.log = console.error;
const { extract } = await import(pathToFileURL(process.argv[2]).href);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const receive = async () => JSON.parse((await lines.next()).value ?? 'null');
const ask = (message) => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
  return receive();
};

/** The paid steps; their prices are in prices.json. */
const services = {
  /** The text as the slow scanner reads it. */
  rescan: async () => (await ask({ rescan: true })).text,
  /** The paid model's answer for a field, or null. */
  answer: async (field) => (await ask({ ask: field })).answer,
};

for (let next = await receive(); next !== null; next = await ask({ values: await extract(next.text, services) }));
