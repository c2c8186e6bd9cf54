/** What axe and the width of the window say of a page, in each look that a page has. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContextOptions, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A strict policy of the page keeps axe out, so it is passed by. */
export const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light', bypassCSP: true },
  dark: { colorScheme: 'dark', bypassCSP: true },
  phone: { colorScheme: 'light', bypassCSP: true, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

interface Found {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Violations, and whether a reader would have to scroll to the side; empty where all is well. */
export async function problemsSeen(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate<Found[]>('axe.run().then(({ violations }) => violations)');
  const texts = found.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ''}`).join(' | ')}`,
  );
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  return overflow > 0 ? [...texts, `${overflow} px wider than the window`] : texts;
}
