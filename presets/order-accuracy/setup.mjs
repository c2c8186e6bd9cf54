import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { writeOrders } from './generator/index.mjs';

const HELD_OUT_ORDERS = 1200;

/** Held-out orders from a seed that nobody keeps: they are in no package, and no program can make them again. */
export default function setUp(dir) {
  writeOrders(join(dir, 'holdout'), { seed: randomInt(2 ** 32), count: HELD_OUT_ORDERS });
}
