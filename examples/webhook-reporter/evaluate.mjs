/** Stands for an evaluation: how far two weights are from the best ones. */
import { readFileSync } from 'node:fs';

const { ALPHA, BETA } = JSON.parse(readFileSync('weights.json', 'utf8'));

console.log(`error: ${((ALPHA - 0.3) ** 2 + (BETA - 0.7) ** 2).toFixed(6)}`);
