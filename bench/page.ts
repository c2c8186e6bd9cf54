/**
 * How the live page keeps up: the time to its first rows, its frames while 20 events a second come in and while it is scrolled,
 * tasks that block it, its heap, and the server's memory; and how long a report takes to open. Each figure that a reader would
 * feel has a limit, and ends the command with 1 where it is not held.
 * Usage: npm run bench:page [-- ROWS…] (10000 and 100000); needs chromium and a machine that does nothing else.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { buildPage, isPageBuilt } from '../scripts/build-page.ts';
import { serve } from '../src/ui/serve.ts';
import { reportOf } from '../test/page/report-of.ts';
import { syntheticRun } from '../test/views/synthetic.ts';
import { createFeed } from './page/feed.ts';

const SECONDS = 10;
const EVENT_MS = 50;

interface Limits {
  /** Milliseconds until the first rows are there. */
  readonly first: number;
  /** Milliseconds between frames, of 95 in 100. */
  readonly p95: number;
  /** Milliseconds that one task may block the page. */
  readonly task?: number;
  /** Megabytes of the page's own memory. */
  readonly heap?: number;
  /** Milliseconds until a report of as many rows is open. */
  readonly report?: number;
}

const LIMITS: Readonly<Record<number, Limits>> = {
  10_000: { first: 700, p95: 20, task: 50, heap: 30, report: 2000 },
  100_000: { first: 2500, p95: 33 },
};

interface Watched {
  frames: number[];
  long: number[];
}

/** Runs in the page: notes the time between frames, and tasks over 50 ms. */
const WATCH = `(() => {
  const watched = (globalThis.watched = { frames: [], long: [] });
  let last = performance.now();
  const frame = (now) => { watched.frames.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => watched.long.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
})()`;

const take = (page: Page): Promise<Watched> =>
  page.evaluate<Watched>(
    `(() => { const { frames, long } = watched; watched.frames = []; watched.long = []; return { frames, long }; })()`,
  );

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? Number.NaN;
}

/** One line a figure: PASS or FAIL where it has a limit. */
function check(name: string, value: number, unit: string, limit?: number): void {
  const isHeld = limit === undefined || value <= limit;
  const verdict = limit === undefined ? '    ' : isHeld ? 'PASS' : 'FAIL';
  console.log(`  ${verdict}  ${name.padEnd(24)} ${value.toFixed(1)} ${unit}${limit === undefined ? '' : `, at most ${limit}`}`);
  if (!isHeld) process.exitCode = 1;
}

async function measure(rows: number): Promise<void> {
  const feed = createFeed(rows);
  const by = () => Promise.reject(new Error('nobody decides here'));
  const input = { host: '127.0.0.1', port: 0, isReadOnly: true, mayBeRemote: false, key: randomBytes(32), by, decide: by };
  const serving = await serve({ ...input, feed });
  const browser = await launch();
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 860 } })).newPage();
  await page.goto(serving.url);
  await page.waitForSelector('.bar');
  await page.goto('about:blank');
  const start = performance.now();
  await page.goto(new URL('/#tab=all', serving.url).href, { waitUntil: 'commit' });
  await page.waitForSelector('.rows .row');
  const first = performance.now() - start;
  await page.evaluate(WATCH);
  await page.locator('#tab-all', { hasText: String(rows) }).waitFor({ timeout: 60_000 });
  const loading = await take(page);
  const timer = setInterval(() => feed.next(), EVENT_MS);
  await sleep(SECONDS * 1000);
  const idle = await take(page);
  for (let at = 0; at < SECONDS * 20; at++) {
    await page.locator('.rows').evaluate((element) => element.scrollBy(0, 700));
    await sleep(50);
  }
  const scrolling = await take(page);
  clearInterval(timer);
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const heap = await page.evaluate<number>('performance.memory.usedJSHeapSize');
  const limits = LIMITS[rows] ?? { first: Infinity, p95: Infinity };
  console.log(`${rows} rows, ${1000 / EVENT_MS} events a second`);
  check('first rows', first, 'ms', limits.first);
  for (const [name, { frames, long }] of Object.entries({ 'reading the history': loading, 'at rest': idle, scrolling })) {
    check(`${name}: frames p95`, quantile(frames, 0.95), 'ms', limits.p95);
    check(`${name}: frames p99`, quantile(frames, 0.99), 'ms');
    check(`${name}: longest task`, Math.max(0, ...long), 'ms', limits.task);
  }
  check('heap of the page', heap / 1e6, 'MB', limits.heap);
  check('memory of this server', process.memoryUsage().rss / 1e6, 'MB');
  await browser.close();
  await serving.close();
}

/** A report with all of its data inside, from the disk to its first rows. */
async function measureReport(rows: number): Promise<void> {
  const limit = LIMITS[rows]?.report;
  if (limit === undefined) return;
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-bench-'));
  const file = join(dir, 'report.html');
  writeFileSync(file, await reportOf(syntheticRun(rows)));
  const browser = await launch();
  const page = await browser.newPage();
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    await page.goto('about:blank');
    const start = performance.now();
    await page.goto(`${pathToFileURL(file).href}#tab=all`, { waitUntil: 'commit' });
    await page.waitForSelector('.rows .row');
    times.push(performance.now() - start);
  }
  check('report open', quantile(times, 0.5), 'ms', limit);
  await browser.close();
  rmSync(dir, { recursive: true });
}

const launch = () => chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

if (!isPageBuilt()) await buildPage();
const sizes = process.argv.slice(2).map(Number);
for (const rows of sizes.length > 0 ? sizes : [10_000, 100_000]) {
  await measure(rows);
  await measureReport(rows);
}
