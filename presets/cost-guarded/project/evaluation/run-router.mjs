// PROTECTED: starts the router in a process that can read its own folder and nothing else, hands it one text after
// the other, and counts every paid step, because the steps are taken here.
import { spawn } from 'node:child_process';
import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const LIMIT_MS = 60_000;
const MOST_STEPS = 20;

/** For each message, in their order: the queue, the cost in cents and the time in milliseconds, both modelled. */
export async function runRouter({ root, messages, queues, prices }) {
  const folder = realpathSync(join(root, 'router'));
  refuseLinks(folder);
  const host = realpathSync(join(root, 'evaluation/host.mjs'));
  const flags = ['--permission', `--allow-fs-read=${folder}`, `--allow-fs-read=${host}`];
  // No environment: neither the split nor the seed is the router's business.
  const child = spawn(process.execPath, [...flags, host, join(folder, 'route.mjs')], {
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
    for (const message of messages) results.push(await routeOne(message, { lines, send, queues, prices }));
    return results;
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}

async function routeOne({ text, small, large }, { lines, send, queues, prices }) {
  let { cents, ms } = prices.message;
  send({ text });
  for (let steps = 0; steps <= MOST_STEPS; steps++) {
    const { value: line, done } = await lines.next();
    if (done) throw new Error('the router ended before the last message');
    const message = JSON.parse(line);
    if (message.queue !== undefined) {
      if (!queues.includes(message.queue)) throw new Error(`the router named a queue there is not: ${JSON.stringify(message.queue)}`);
      return { queue: message.queue, cents, ms };
    }
    if (message.ask !== 'small' && message.ask !== 'large')
      throw new Error(`the router asked for something there is not: ${line.slice(0, 200)}`);
    cents += prices[message.ask].cents;
    ms += prices[message.ask].ms;
    send({ answer: message.ask === 'small' ? small : large });
  }
  throw new Error(`the router took more than ${MOST_STEPS} paid steps for one message`);
}

/** Through a link, a file outside the folder could be read. */
function refuseLinks(folder) {
  for (const path of readdirSync(folder, { recursive: true })) {
    if (lstatSync(join(folder, path)).isSymbolicLink()) throw new Error(`router/${path} is a link, and only plain files are allowed there`);
  }
}
