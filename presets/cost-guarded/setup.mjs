import { randomInt } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeMessages } from './generator/message.mjs';
import { createRandom } from './generator/random.mjs';

const MESSAGES = 4000;
const HELD_OUT = 5000;
const EXAMPLES = 1000;

/**
 * Makes the sample data of a new project, once. Only the examples are the same for everybody: all that is measured on comes
 * from a seed that nobody keeps, so that it is in no package, and no program can make it again. Only tests give a seed.
 */
export default function setUp(dir, seed = randomInt(2 ** 32)) {
  for (const file of ['engine.mjs', 'serve.mjs']) cpSync(join(import.meta.dirname, '../shared', file), join(dir, 'evaluation', file));
  const folder = join(dir, 'data');
  mkdirSync(folder, { recursive: true });
  write(folder, 'messages.jsonl', makeMessages(createRandom(seed), MESSAGES, 'm'));
  write(folder, 'holdout.jsonl', makeMessages(createRandom((seed + 1) % 2 ** 32), HELD_OUT, 'h'));
  write(folder, 'examples.jsonl', makeMessages(createRandom(1), EXAMPLES, 'e'));
}

/** Never over a file of the user's. */
function write(folder, name, rows) {
  const file = join(folder, name);
  if (!existsSync(file)) writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
