/** Stands for a model: thinking longer makes it more often right, less and less so. */
import { STEPS } from './settings.mjs';

console.log(`accuracy: ${(0.99 - 0.25 / (1 + STEPS / 4)).toFixed(4)}`);
console.log(`seconds: ${(0.3 + 0.15 * STEPS).toFixed(3)}`);
