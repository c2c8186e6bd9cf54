import { randomInt } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { writeOrders } from './generator/index.mjs';

const LOOP_ORDERS = 600;
const HELD_OUT_ORDERS = 1200;

/**
 * All orders that are measured on come from a seed that nobody keeps: they are in no package, and no program can make them
 * again. Only tests give a seed.
 */
export default function setUp(dir, seed = randomInt(2 ** 32)) {
  for (const file of ['engine.mjs', 'serve.mjs']) cpSync(join(import.meta.dirname, '../shared', file), join(dir, 'evaluation', file));
  writeOrders(join(dir, 'data/loop'), { seed, count: LOOP_ORDERS });
  writeOrders(join(dir, 'data/holdout'), { seed: (seed + 1) % 2 ** 32, count: HELD_OUT_ORDERS });
}
