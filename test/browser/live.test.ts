/** A real run of the preset tiny-lm, watched from its start to its end. */
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { readEvents } from '../../src/events/read.ts';
import { experimentsOf, problemsOf, RUN } from '../helpers/project.ts';
import { freePort } from '../helpers/ports.ts';
import { gitEnv, makeFolder } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';
import { describeInBrowser, openPage, type Opened } from './chromium.ts';
import { startRun, startUi, until } from './ui-process.ts';

const root = join(import.meta.dirname, '../..');

/** The preset as `init` makes it, but for the sizes: a fifth of a second of training on a fifth of the text. */
async function makeShortTinyLm(): Promise<string> {
  const dir = makeFolder();
  // The text that it learns is that of the packages.
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  const { code, stderr } = await runCli(['init', 'project', '--preset', 'tiny-lm'], { cwd: dir });
  expect(code, stderr).toBe(0);
  const project = join(dir, 'project');
  const shorten = (file: string, ...pairs: readonly (readonly [from: string, to: string])[]): void => {
    const before = readFileSync(join(project, file), 'utf8');
    for (const [from] of pairs) expect(before).toContain(from);
    writeFileSync(
      join(project, file),
      pairs.reduce((text, [from, to]) => text.replace(from, to), before),
    );
  };
  shorten('prepare.mjs', ['TIME_BUDGET = 2;', 'TIME_BUDGET = 0.4;']);
  shorten(
    'corpus.mjs',
    ['TRAINING_BYTES = 6_000_000', 'TRAINING_BYTES = 1_500_000'],
    ['HELD_OUT_BYTES = 256_000', 'HELD_OUT_BYTES = 16_000'],
  );
  execFileSync('git', ['commit', '-qam', 'Train for a moment only'], { cwd: project, env: gitEnv() });
  return project;
}

/** Notes each event of the run that the page gets, before anything else of the page can see it. */
const NOTE_EVENTS = `(() => {
  globalThis.seen = [];
  globalThis.EventSource = class extends EventSource {
    constructor(url) {
      super(url);
      this.addEventListener('run', ({ data }) => globalThis.seen.push(JSON.parse(data).seq));
    }
  };
  globalThis.tops = [];
  new PerformanceObserver(() => {
    const top = document.querySelector('[role=tablist]')?.getBoundingClientRect().top;
    if (top !== undefined && top !== globalThis.tops.at(-1)) globalThis.tops.push(top);
  }).observe({ type: 'layout-shift', buffered: false });
  const ask = globalThis.fetch;
  globalThis.fetch = async (path, ...rest) => {
    const answer = await ask(path, ...rest);
    if (path === '/api/start') globalThis.firstCursor = (await answer.clone().json()).cursor;
    return answer;
  };
})()`;

const seenBy = (page: Page): Promise<number[]> => page.evaluate<number[]>('seen');
const stateOn = (page: Page): Promise<string> => page.locator('.bar .state').innerText();
const idsShown = (page: Page): Promise<number[]> =>
  page.locator('.rows .row .cell.id').evaluateAll((cells) => cells.map((cell) => Number(cell.textContent?.replace('#', ''))));

async function eventsOf(project: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { seq } of readEvents(join(project, '.autoresearch', RUN, 'events'))) found.push(seq);
  return found;
}

/** What a lost server looks like in the console of a browser. */
const isOfRestart = (text: string): boolean => /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/.test(text);

async function openWatched(url: string): Promise<Opened> {
  const opened = await openPage(url, {}, NOTE_EVENTS);
  await opened.page.getByRole('tab', { name: /^All/ }).click();
  return opened;
}

describeInBrowser('the page of a run', () => {
  it('shows it from start to end; a restart of the server loses and doubles nothing', async () => {
    const project = await makeShortTinyLm();
    const cli = startRun(project, '--experiments', '6');
    await until(async () => (await runCli(['status'], { cwd: project })).code === 0);
    const port = String(await freePort());
    const first = await startUi(project, '--port', port);
    const { page, complaints } = await openWatched(first.url);
    expect(page.url()).toMatch(new RegExp(`^http://127.0.0.1:${first.port}/#`));
    await until(async () => (await idsShown(page)).length >= 2);
    expect(await stateOn(page)).toContain('running');
    // Stage and clock of what is under way, and the curve of its trial over the incumbent's.
    await until(async () => /#\d+ (runs|asks|reads|judges|looks|evaluates)/.test(await page.locator('.bar .stage').innerText()));
    await until(
      async () => (await page.locator('.under-way path.own').count()) > 0 && (await page.locator('.under-way path.other').count()) > 0,
    );

    await first.stop();
    await until(async () => (await stateOn(page)).includes('no connection'));
    // More happens while nobody serves the page.
    const before = (await eventsOf(project)).length;
    await until(async () => (await eventsOf(project)).length > before + 10);
    await startUi(project, '--port', port);
    await until(async () => !(await stateOn(page)).includes('no connection'));

    expect((await cli.ended).code).toBe(0);
    await until(async () => (await stateOn(page)).includes('stopped'));
    const after = Number((await page.evaluate<string>('firstCursor')).split('.')[1]);
    const expected = (await eventsOf(project)).filter((seq) => seq > after);
    await until(async () => (await seenBy(page)).at(-1) === expected.at(-1));
    expect(expected.length).toBeGreaterThan(50);
    expect(await seenBy(page)).toEqual(expected);
    const settled = (await experimentsOf(project)).map(({ id }) => id);
    await until(async () => (await idsShown(page)).length === settled.length);
    expect((await idsShown(page)).toReversed()).toEqual(settled);
    expect(await page.locator('.under-way details').count()).toBe(0);
    // Texts of the head may grow, and new rows push others down; the lists themselves must not jump.
    const tops = await page.evaluate<number[]>('tops');
    expect(Math.max(...tops) - Math.min(...tops)).toBeLessThanOrEqual(2);
    expect(complaints.filter((text) => !isOfRestart(text))).toEqual([]);
    expect(await problemsOf(project)).toEqual([]);
  });
});
