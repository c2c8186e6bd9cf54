/** The candidate's stage: its weights, as data. */
import { writeFileSync } from 'node:fs';
import { ALPHA, BETA } from './settings.mjs';

writeFileSync('weights.json', JSON.stringify({ ALPHA, BETA }));
