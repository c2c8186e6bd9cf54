/** Two experiments, and two runs, side by side: of a real repository, by keys alone, and whole in the address bar. */
import { expect, it } from 'vitest';
import { change, makeNight, parked } from '../helpers/review.ts';
import { runCli } from '../helpers/run-cli.ts';
import { LOOKS, problemsSeen } from './axe.ts';
import { describeInBrowser, openPage } from './chromium.ts';
import { startUi } from './ui-process.ts';

describeInBrowser('a comparison', () => {
  it('of two runs and of their experiments shows what differs, in every look', async () => {
    const repo = makeNight([change('a', 5), change('b', 5), parked('c', 4)]);
    repo.write('lib/lr.py', 'LR = 0.1\nNAME = "x"\n');
    repo.commit('a constant');
    const steps = ['LR = 0.2', 'LR = 0.3'].map((line, at) =>
      change('d', 8 - at, { bash: `printf '${line}\\nNAME = "x"\\n' > lib/lr.py; printf 'x\\n${8 - at}\\nx\\n' > lib/d.txt`, title: line }),
    );
    expect((await runCli(['run', '--name', 'first'], { cwd: repo.dir })).code).toBe(0);
    const agent = `agent=${JSON.stringify({ use: './lab.mjs#steps', with: { steps } })}`;
    expect((await runCli(['run', '--name', 'second', '--set', agent], { cwd: repo.dir })).code).toBe(0);
    const { url } = await startUi(repo.dir, 'second');
    for (const [look, options] of Object.entries(LOOKS)) {
      const { page, complaints } = await openPage(url, options);
      const problems: string[] = [];
      await page.waitForSelector('.pad, .rows');
      await page.keyboard.press('c');
      await page.locator('.compare-view option', { hasText: 'first' }).waitFor({ state: 'attached' });
      expect(page.url()).toMatch(/#compare=$/);
      problems.push(...(await problemsSeen(page)));
      await page.locator('.compare-view select').selectOption('first');
      await page.locator('.compare-view form .main').press('Enter');
      await page.waitForSelector('.courses');
      expect(decodeURIComponent(page.url())).toMatch(/#compare=@first$/);
      const texts = (await page.locator('.compare-view .body').innerText()).replaceAll(/\s+/g, ' ');
      // The two nights ended with other values of one constant, by agents with other steps, and in other files.
      expect(texts).toMatch(/LR \(lib\/lr\.py\) ≠ 0\.3 0\.1/);
      expect(texts).toMatch(/agent\.0\.with\.steps\.0\.title ≠ LR = 0\.2|title ≠/);
      expect(texts).toMatch(/kept( ≠)? 2 2/);
      expect(await page.locator('.compare-view .diff .file', { hasText: 'lib/a.txt' }).count()).toBe(1);
      problems.push(...(await problemsSeen(page)));
      // A link shows the same again.
      await page.goto(new URL('/#open=2&compare=@first/1', url).href);
      await page.waitForSelector('.compare-view .effects');
      expect(await page.locator('.compare-view thead').first().innerText()).toMatch(/#2 LR = 0\.3[\s\S]*first #1 a to 5/);
      problems.push(...(await problemsSeen(page)));
      await page.goto(new URL('/#open=2&compare=1', url).href);
      await page.locator('.compare-view', { hasText: /LR \(lib\/lr\.py\)/ }).waitFor();
      problems.push(...(await problemsSeen(page)));
      await page.goto(new URL('/#compare=@nowhere', url).href);
      await page.getByText('There is no run nowhere here.').waitFor();
      await page.keyboard.press('Escape');
      await page.waitForSelector('.compare-view', { state: 'detached' });
      expect(problems, look).toEqual([]);
      expect(complaints, look).toEqual([]);
      await page.context().close();
    }
  });
});
