/** Stands for the real evaluation: the cost of an order in cents, a made-up function of the settings, with the noise of a sample of orders. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const { BATCH, RETRIES, CONFIDENCE } = JSON.parse(readFileSync('tuned.json', 'utf8'));

const handling = 20 + 60 / BATCH + 0.4 * BATCH + 6 * Math.abs(RETRIES - 3);
const mistakes = 160 * (1 - CONFIDENCE) ** 2 + 25 * CONFIDENCE ** 4;
const digest = createHash('sha256').update([process.env.AUTORESEARCH_SEED, BATCH, RETRIES, CONFIDENCE].join());
const noise = digest.digest().readUInt32BE() / 2 ** 32 - 0.5;
console.log(`cost: ${(handling + mistakes + noise).toFixed(3)}`);
