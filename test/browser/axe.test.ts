/** Everybody can use the page: axe finds nothing in light, dark and on a phone; no text is unreadable or out of reach. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { tmpdir } from 'node:os';
import { TABS } from '../../page/data/address.ts';
import { HOSTILE } from '../injection/hostile.ts';
import { reportOf } from '../page/report-of.ts';
import { sampleSwarm } from '../page/sample-swarm.ts';
import { noisyRun } from '../views/noisy.ts';
import { opening, sampleDiff, syntheticRun } from '../views/synthetic.ts';
import { LOOKS, problemsSeen } from './axe.ts';
import { describeInBrowser, openPage } from './chromium.ts';

const metrics = [
  { metric: 'val_bpb', direction: 'minimize' },
  { metric: 'peak_memory_mb', direction: 'minimize' },
];

let dir: string;
const urlOf = (name: string, hash = ''): string => `${pathToFileURL(join(dir, `${name}.html`)).href}${hash}`;

describeInBrowser('the page', () => {
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'autoresearch-axe-'));
    const { experiments, audits } = noisyRun();
    const withPareto = { ...opening, config: { ...opening.config, objective: { use: 'pareto', with: { metrics } } } };
    const params = experiments.map((experiment) => ({
      ...experiment,
      proposal: { ...experiment.proposal, params: { LR: experiment.id % 7, ACT: experiment.id % 2 ? 'relu' : 'gelu' } },
    }));
    writeFileSync(
      join(dir, 'noisy.html'),
      await reportOf(params, { opening: withPareto, audits, diffs: new Map([[3, sampleDiff]]), swarm: sampleSwarm }),
    );
    writeFileSync(join(dir, 'plain.html'), await reportOf(syntheticRun(120), { diffs: new Map([[9, sampleDiff]]) }));
    writeFileSync(join(dir, 'long.html'), await reportOf(syntheticRun(10_000)));
    const hostile = syntheticRun(HOSTILE.length + 1).map((experiment) => {
      const text = HOSTILE[experiment.id - 1] ?? 'baseline';
      const { proposal } = experiment;
      return {
        ...experiment,
        proposal: { ...proposal, title: text, hypothesis: text, rationale: text, risks: [text], agent: text, params: { [text]: text } },
        reason: { code: text, text },
      };
    });
    writeFileSync(join(dir, 'hostile.html'), await reportOf(hostile, { program: HOSTILE.join('\n') }));
  });

  it.each(Object.entries(LOOKS))('has no violations in %s', async (_, options) => {
    const { page, complaints } = await openPage(urlOf('noisy'), { ...options, bypassCSP: true });
    const problems: string[] = [];
    const look = async (at: string): Promise<void> => void problems.push(...(await problemsSeen(page)).map((text) => `${at}: ${text}`));
    for (const tab of TABS) {
      await page.goto(urlOf('noisy', `#tab=${tab}`));
      await page.waitForSelector(`#tab-${tab}[aria-selected=true]`);
      await page.waitForSelector('.pad, .rows');
      await look(tab);
    }
    for (const hash of ['#tab=all&open=3', '#tab=all&open=3&compare=4', '#compare=', '#tab=all&zoom=5-30&q=lr&only=keep']) {
      await page.goto(urlOf('noisy', hash));
      await page.waitForSelector(hash.includes('compare') ? '.compare-view .body > *' : hash.includes('open') ? '.detail h3' : '.tools');
      await look(hash);
    }
    await page.goto(urlOf('noisy', '#tab=all'));
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    await look('help');
    expect(problems).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('asks for nothing but itself, and its own policy is not in its way', async () => {
    const { page, complaints, requests } = await openPage(urlOf('plain', '#open=9&tab=all'));
    await page.waitForSelector('.diff .added');
    expect(requests).toEqual([urlOf('plain')]);
    expect(complaints).toEqual([]);
  });

  it('runs nothing of what models and programs wrote', async () => {
    const { page, complaints } = await openPage(urlOf('hostile', '#tab=all'));
    page.on('dialog', () => complaints.push('a dialog'));
    for (const id of HOSTILE.keys()) {
      await page.goto(urlOf('hostile', `#tab=all&open=${id + 1}`));
      await page.waitForSelector('.detail h3');
    }
    expect(await page.locator('.row img, .detail img, .detail svg[onload], a[href^="javascript:"]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('is worked by keys alone, and its address says what is shown', async () => {
    const { page } = await openPage(urlOf('plain', '#tab=all'));
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.waitForSelector('.detail h3');
    expect(page.url()).toContain('open=118');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.detail', { state: 'detached' });
    await page.keyboard.press('/');
    await page.waitForSelector('#search:focus');
    await page.keyboard.type('batch size');
    await page.keyboard.press('Escape');
    expect(decodeURIComponent(page.url())).toContain('q=batch+size');
    const titles = await page.locator('.rows .cell.title').allInnerTexts();
    expect(titles.length).toBeGreaterThan(2);
    expect(titles.every((title) => title.includes('batch size'))).toBe(true);
    await page.keyboard.press('2');
    await page.waitForSelector('table.ranked');
    await page.keyboard.press('+');
    expect(page.url()).toMatch(/zoom=\d+-119/);
    await page.reload();
    await page.waitForSelector('table.ranked');
    expect(page.url()).toMatch(/tab=ranked.*zoom=/);
  });

  it('is whole without JavaScript and on paper', async () => {
    const { launch } = await import('./chromium.ts');
    const context = await (await launch()).newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(urlOf('plain'));
    for (const text of ['What helped', 'To decide', 'Setup', 'autoresearch review jan31'])
      expect(await page.getByText(text).first().isVisible(), text).toBe(true);
    const { page: printed } = await openPage(urlOf('plain'));
    await printed.emulateMedia({ media: 'print' });
    expect(await printed.locator('.paper-page h2').first().isVisible()).toBe(true);
    expect(await printed.locator('.split').isVisible()).toBe(false);
    expect(await printed.locator('.plot canvas').isVisible()).toBe(true);
  });

  it('opens at ten thousand experiments, with few elements, and finds the last one', async () => {
    const { page, complaints } = await openPage(urlOf('long', '#tab=all'));
    await page.waitForSelector('.rows .row');
    expect(await page.locator('.rows .row').count()).toBeLessThan(60);
    await page.locator('#search').fill('#1');
    await page.locator('.rows .row').nth(1).waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });
});
