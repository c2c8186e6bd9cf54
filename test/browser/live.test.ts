/** A real run watched from its start to its end, and decided on from the page. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { experimentsOf, problemsOf, RUN } from '../helpers/project.ts';
import { change, makeNight, parked } from '../helpers/review.ts';
import type { TestRepo } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';
import { describeInBrowser, openPage } from './chromium.ts';
import { startRun, startUi, until } from './ui-process.ts';

const idsShown = (page: Page): Promise<number[]> =>
  page.locator('.rows .row .cell.id').evaluateAll((cells) => cells.map((cell) => Number(cell.textContent?.replace('#', ''))));

async function showAll(page: Page): Promise<void> {
  await page.getByRole('tab', { name: /^All/ }).click();
}

/** A night whose trials take a third of a second each. */
function slowNight(steps: Parameters<typeof makeNight>[0]): TestRepo {
  return makeNight(steps, {
    trainer: {
      use: 'command',
      with: { run: ['sh', '-c', 'for i in 1 2 3; do echo "loss: $((9-i))"; sleep 0.1; done; sh train.sh'] },
      timeout: '60s',
    },
    metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$', match: 'last' } } },
  });
}

const steps = Array.from({ length: 12 }, (_, at) => (at % 4 === 3 ? parked('c', 4 - at / 10) : change('a', 9 - at / 2)));

describeInBrowser('the page of a run', () => {
  it('shows it from start to end; a restart of the server loses and doubles nothing', async () => {
    const repo = slowNight(steps);
    const cli = startRun(repo.dir);
    await until(
      async () => existsSync(join(repo.dir, '.autoresearch', RUN, 'events')) && (await runCli(['status'], { cwd: repo.dir })).code === 0,
    );
    const first = await startUi(repo.dir);
    const { page, complaints } = await openPage(first.url);
    expect(page.url()).toBe(`http://127.0.0.1:${first.port}/`);
    await showAll(page);
    await until(async () => (await idsShown(page)).length >= 3);
    expect(await page.locator('.bar .state').innerText()).toContain('running');
    // Stage and clock of what is under way.
    await until(async () => /#\d+ (runs|asks|reads|judges|looks)/.test(await page.locator('.bar .stage').innerText()));
    await first.stop();
    await until(async () => (await page.locator('.bar .state').innerText()).includes('no connection'));
    await startUi(repo.dir, '--port', String(first.port));
    await cli.ended;
    await until(async () => (await page.locator('.bar .state').innerText()).includes('stopped'));
    const all = (await experimentsOf(repo.dir)).map(({ id }) => id);
    await until(async () => (await idsShown(page)).length === all.length);
    expect((await idsShown(page)).toReversed()).toEqual(all);
    expect(complaints.filter((text) => !text.includes('ERR_CONNECTION_REFUSED') && !text.includes('ERR_INCOMPLETE'))).toEqual([]);
    expect(await page.getByRole('tab', { name: /^All/ }).innerText()).toBe(`All ${all.length}`);
  });

  it('takes decisions, and they end in the ledger as those of the command line do', async () => {
    const repo = makeNight([change('a', 5), change('b', 5), parked('c', 4), parked('d', 4)]);
    await startRun(repo.dir).ended;
    const { url } = await startUi(repo.dir);
    const { page, complaints } = await openPage(`${url}#open=3`);
    await page.goto(new URL('/#open=3', url).href);
    const decide = async (id: number, key: string, note: string): Promise<void> => {
      await page.goto(new URL(`/#open=${id}`, url).href);
      await page.waitForSelector(`.actions[aria-label="decide on #${id}"]`);
      if (note !== '') {
        await page.keyboard.press('n');
        await page.keyboard.type(note);
        await page.keyboard.press('Escape');
      }
      await page.keyboard.press(key);
      await page.waitForSelector('.detail .decisions');
    };
    await decide(1, 'a', 'looks right');
    await decide(3, 'x', '<img src=x onerror=alert(1)>');
    await decide(4, 'q', 'why d?');
    await runCli(['review', '--approve', '2', '--note', 'from the terminal'], { cwd: repo.dir });
    await page.goto(new URL('/#open=2', url).href);
    await until(async () =>
      (
        await page
          .locator('.detail .decisions')
          .innerText()
          .catch(() => '')
      ).includes('from the terminal'),
    );
    const { stdout } = await runCli(['review', '--json'], { cwd: repo.dir });
    const items = (JSON.parse(stdout) as { id: number; reviews: Record<string, unknown>[] }[]).toSorted((a, b) => a.id - b.id);
    const [byPage, byCli, rejected, asked] = items.map(({ reviews }) => reviews[0]);
    expect([byPage?.['decision'], byPage?.['note']]).toEqual(['approve', 'looks right']);
    expect([rejected?.['decision'], rejected?.['note']]).toEqual(['reject', '<img src=x onerror=alert(1)>']);
    expect([asked?.['decision'], asked?.['note']]).toEqual(['ask', 'why d?']);
    expect(Object.keys(byPage ?? {})).toEqual(Object.keys(byCli ?? {}));
    expect(byPage?.['by']).toEqual(byCli?.['by']);
    expect(await problemsOf(repo.dir)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('steers, pauses, lets go on and stops a run that works', async () => {
    const repo = slowNight(Array.from({ length: 200 }, (_, at) => change('a', 10 + at)));
    const cli = startRun(repo.dir);
    await until(async () => (await runCli(['status'], { cwd: repo.dir })).code === 0);
    const { page } = await openPage((await startUi(repo.dir)).url);
    const state = () => page.locator('.bar .state').innerText();
    await until(async () => (await state()).includes('running'));
    await page.keyboard.press('s');
    await page.getByRole('textbox', { name: 'the hint' }).fill('try a smaller batch');
    await page.getByRole('dialog').getByRole('button', { name: 'Steer' }).click();
    await until(async () => (await page.locator('.message').innerText()).includes('hint'));
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await until(async () => (await state()).includes('paused'));
    const before = (await experimentsOf(repo.dir)).length;
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await until(async () => (await experimentsOf(repo.dir)).length > before);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('enough');
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    expect((await cli.ended).code).toBe(0);
    await until(async () => (await state()).includes('enough'));
    const log = repo.git('log', '--format=%s', `refs/autoresearch/${RUN}/ledger`);
    expect(log).toMatch(/^stopped: stopped by .*: enough$/m);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });
});
