import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playPage } from '../../scripts/play-page.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/tutorial.md'), 'utf8');

/** The page without what differs from one machine or day to the next: figures, commit ids, dates, and whether there is a sandbox. */
function steady(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !/^(sandbox|number|warning: .*bwrap)/.test(line))
    .map((line) =>
      line
        // Commit ids become what numbers become, since some have no letters.
        .replaceAll(/(?<![.\w])(?=\d*[a-f])[0-9a-f]{7,40}\b/g, 'N')
        .replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:[\d.]+Z| UTC)/g, 'TIME')
        .replaceAll(/[-+<>]?\d+(\.\d+)?(e[-+]?\d+)?/g, 'N')
        // An interval that is the same to both sides is shown in another way.
        .replaceAll('(N..N)', '± N')
        .replaceAll(/N ?(ms|s|m|h)( ?N(ms|s|m|h))*\b/g, 'DURATION')
        .replaceAll(/[ ─-]+/g, ' ')
        .trim(),
    );
}

test('the commands of the tutorial print what the tutorial shows', () => {
  expect(steady(playPage(page)), 'if the new output is right: node scripts/play-tutorial.ts --write').toEqual(steady(page));
});

test('the tutorial shows output, and what it shows is not what is left out of the comparison', () => {
  const shown = steady(page).filter((line) => /audited gain N|^#?N keep N baseline|everything is in order/.test(line));
  expect(shown.length).toBeGreaterThanOrEqual(4);
});
