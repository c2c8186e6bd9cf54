/** A browser for tests of the page. Where the machine has none, they are skipped and say so. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, describe } from 'vitest';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const EXECUTABLE = [process.env['CHROMIUM'] ?? '', ...PLACES].find((file) => file !== '' && existsSync(file));

/** Tests in a browser: `apt-get install chromium`. */
export const describeInBrowser = describe.skipIf(EXECUTABLE === undefined);
if (EXECUTABLE === undefined) console.warn('no chromium: the page is not tested in a browser (apt-get install chromium)');

let started: Promise<Browser> | undefined;

export function launch(): Promise<Browser> {
  // As root, as in most containers, Chromium has no sandbox of its own.
  started ??= chromium.launch({ ...(EXECUTABLE !== undefined && { executablePath: EXECUTABLE }), args: ['--no-sandbox'] });
  return started;
}

afterAll(async () => {
  const browser = await started;
  started = undefined;
  await browser?.close();
});

export interface Opened {
  readonly page: Page;
  /** What the browser complained about: errors, and all that a policy refused. */
  readonly complaints: string[];
  /** Every address it asked for. */
  readonly requests: string[];
}

/** `before` is a script that runs before those of the page. */
export async function openPage(url: string, options: BrowserContextOptions = {}, before = ''): Promise<Opened> {
  const context = await (await launch()).newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const page = await context.newPage();
  if (before !== '') await page.addInitScript(before);
  const [complaints, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('request', (request) => void requests.push(request.url()));
  await page.goto(url);
  await page.waitForSelector('.bar');
  return { page, complaints, requests };
}
