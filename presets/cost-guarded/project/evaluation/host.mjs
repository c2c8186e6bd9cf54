// PROTECTED: the other end of run-router.mjs, in the router's process.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// The messages go over standard output; what the router prints must not get between them.
console.log = console.error;
const { route } = await import(pathToFileURL(process.argv[2]).href);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const receive = async () => JSON.parse((await lines.next()).value ?? 'null');
const ask = (message) => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
  return receive();
};

/** The paid steps; their prices are in prices.json. */
const models = {
  /** { queue, sure } */
  small: async () => (await ask({ ask: 'small' })).answer,
  /** { queue } */
  large: async () => (await ask({ ask: 'large' })).answer,
};

for (let next = await receive(); next !== null; next = await ask({ queue: await route(next.text, models) }));
