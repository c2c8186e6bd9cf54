import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeMessages } from './generator/message.mjs';
import { createRandom } from './generator/random.mjs';

const MESSAGES = 4000;
const HELD_OUT = 5000;

/**
 * Makes the sample data of a new project, once. The held-out messages come from a seed that nobody keeps: they are in
 * no package, and no program can make them again. Only tests give a seed.
 */
export default function setUp(dir, heldOutSeed = randomInt(2 ** 32)) {
  const folder = join(dir, 'data');
  mkdirSync(folder, { recursive: true });
  write(folder, 'messages.jsonl', makeMessages(createRandom(1), MESSAGES, 'm'));
  write(folder, 'holdout.jsonl', makeMessages(createRandom(heldOutSeed), HELD_OUT, 'h'));
}

/** Never over a file of the user's. */
function write(folder, name, rows) {
  const file = join(folder, name);
  if (!existsSync(file)) writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
