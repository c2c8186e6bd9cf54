/** The candidate's stage: what it has tuned, as data. */
import { writeFileSync } from 'node:fs';
import { CONFIDENCE } from './policy.mjs';
import { BATCH, RETRIES } from './settings.mjs';

writeFileSync('tuned.json', JSON.stringify({ BATCH, RETRIES, CONFIDENCE }));
