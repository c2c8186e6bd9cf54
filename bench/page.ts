/**
 * How the live page keeps up: the time to its first rows, its frames while 20 events a second come in and while it is scrolled,
 * tasks that block it, its heap, and the server's memory.
 * Usage: npm run bench:page [-- ROWS…] (10000 and 100000); needs chromium.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { buildPage, isPageBuilt } from '../scripts/build-page.ts';
import { serve } from '../src/ui/serve.ts';
import { createFeed } from './page/feed.ts';

const SECONDS = 10;
const EVENT_MS = 50;

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

function quantile(values: readonly number[], q: number): string {
  return (values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? Number.NaN).toFixed(1);
}

async function measure(rows: number): Promise<void> {
  const feed = createFeed(rows);
  const by = () => Promise.reject(new Error('nobody decides here'));
  const input = { host: '127.0.0.1', port: 0, isReadOnly: true, mayBeRemote: false, key: randomBytes(32), by, decide: by };
  const serving = await serve({ ...input, feed });
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
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
  const line = ({ frames, long }: Watched): string =>
    `frames p50 ${quantile(frames, 0.5)} p95 ${quantile(frames, 0.95)} p99 ${quantile(frames, 0.99)} ms, long tasks ${long.length}${long.length > 0 ? ` (longest ${Math.round(Math.max(...long))} ms)` : ''}`;
  console.log(
    [
      `${rows} rows, ${1000 / EVENT_MS} events a second`,
      `  first rows  ${Math.round(first)} ms`,
      `  history     ${line(loading)}`,
      `  at rest     ${line(idle)}`,
      `  scrolling   ${line(scrolling)}`,
      `  heap        ${(heap / 1e6).toFixed(1)} MB; this server ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
    ].join('\n'),
  );
  await browser.close();
  await serving.close();
}

if (!isPageBuilt()) await buildPage();
const sizes = process.argv.slice(2).map(Number);
for (const rows of sizes.length > 0 ? sizes : [10_000, 100_000]) await measure(rows);
