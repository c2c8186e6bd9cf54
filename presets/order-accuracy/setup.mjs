import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { writeOrders } from './generator/index.mjs';

const HELD_OUT_ORDERS = 1200;

/** Held-out orders from a seed that nobody keeps: they are in no package, and no program can make them again. Only tests give a seed. */
export default function setUp(dir, heldOutSeed = randomInt(2 ** 32)) {
  writeOrders(join(dir, 'holdout'), { seed: heldOutSeed, count: HELD_OUT_ORDERS });
}
