/** Stands for an evaluation: how far three weights are from the best ones. */
import { ALPHA, BETA } from './settings.mjs';

console.log(`error: ${((ALPHA - 0.3) ** 2 + (BETA - 0.7) ** 2).toFixed(6)}`);
