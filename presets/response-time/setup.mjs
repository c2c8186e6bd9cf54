import { randomInt } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createParts, createRequests } from './generator/parts.mjs';
import { answer } from './generator/reference.mjs';

const PARTS_SEED = 11;
const LOOP_SEED = 12;
const PARTS = 3000;
const REQUESTS = 300;

/** Parts and requests, the same in every project; and held-out requests from a seed that nobody keeps. Only tests give one. */
export default function setUp(dir, heldOutSeed = randomInt(2 ** 32)) {
  cpSync(join(import.meta.dirname, '../shared/engine.mjs'), join(dir, 'evaluation/engine.mjs'));
  const parts = createParts(PARTS_SEED, PARTS);
  writeLines(join(dir, 'service/data/parts.jsonl'), parts);
  for (const [folder, seed, prefix] of [
    ['data/loop', LOOP_SEED, ''],
    ['holdout', heldOutSeed, 'h'],
  ]) {
    const requests = createRequests(parts, { seed, count: REQUESTS, prefix });
    writeLines(join(dir, folder, 'requests.jsonl'), requests);
    writeLines(
      join(dir, folder, 'expected.jsonl'),
      requests.map((request) => ({ id: request.id, ...answer(parts, request) })),
    );
  }
}

function writeLines(file, rows) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
