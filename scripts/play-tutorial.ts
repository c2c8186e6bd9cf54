/**
 * Plays docs/tutorial.md in an empty folder: writes the files it shows, runs its commands, and puts their output under them.
 * Usage: node scripts/play-tutorial.ts [--write]; without --write it prints the page.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { playPage } from './play-page.ts';

const PAGE = join(import.meta.dirname, '..', 'docs', 'tutorial.md');

if (import.meta.main) {
  const page = playPage(readFileSync(PAGE, 'utf8'));
  if (process.argv.includes('--write')) writeFileSync(PAGE, page);
  else console.log(page);
}
