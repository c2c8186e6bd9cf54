/**
 * Makes the pictures of the page in README.md and docs/page.md, from a run that is made up and always the same.
 * Usage: node scripts/screenshots.ts (needs chromium; CHROMIUM names another one)
 */
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { reportOf } from '../test/page/report-of.ts';
import { noisyRun } from '../test/views/noisy.ts';
import { opening, sampleDiff, syntheticRun } from '../test/views/synthetic.ts';
import { buildPage } from './build-page.ts';

const images = join(import.meta.dirname, '../docs/images');
const MOST_BYTES = 150_000;
const desktop = { width: 1080, height: 720 };
const SHOTS = [
  { name: 'page', run: 'plain', hash: '#tab=all&open=113', viewport: desktop, colorScheme: 'light' },
  { name: 'page-dark', run: 'noisy', hash: '#tab=ranked', viewport: desktop, colorScheme: 'dark' },
  { name: 'page-phone', run: 'plain', hash: '#tab=decide', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
] as const;

await buildPage();
const { experiments, audits } = noisyRun(120);
const plain = syntheticRun(120);
const diffs = new Map(plain.map(({ id }) => [id, sampleDiff]));
const program = 'Lower the validation bits per byte of a small GPT that trains for five minutes on one card.';
const dir = mkdtempSync(join(tmpdir(), 'autoresearch-shots-'));
writeFileSync(join(dir, 'noisy.html'), await reportOf(experiments, { opening, audits, diffs, program }));
writeFileSync(join(dir, 'plain.html'), await reportOf(plain, { opening, diffs, program }));

const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const { name, run, hash, viewport, colorScheme } of SHOTS) {
  const page = await (await browser.newContext({ viewport, colorScheme, locale: 'en-GB', timezoneId: 'UTC' })).newPage();
  await page.goto(`${pathToFileURL(join(dir, `${run}.html`)).href}${hash}`);
  await page.waitForSelector(hash.includes('open') ? '.detail h3' : '.pad, .rows .row');
  await page.waitForTimeout(500);
  const path = join(images, `${name}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  console.log(`${path} ${Math.round(size / 1024)} kB`);
  if (size > MOST_BYTES) throw new Error(`${name}.png is too large for a page of documentation`);
}
await browser.close();
