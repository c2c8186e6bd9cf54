import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { change, parked, playNight } from '../helpers/review.ts';
import { runCli } from '../helpers/run-cli.ts';

it('the report shows what waits, who decided what and why, and what was promoted', async () => {
  const repo = await playNight([change('a', 5), change('b', 5), parked('c', 4), parked('d', 4), parked('c', 3)]);
  const cli = (...args: string[]) => runCli(args, { cwd: repo.dir });
  const pageOf = async () => {
    await cli('report');
    return readFileSync(join(repo.dir, '.autoresearch/night/report.html'), 'utf8');
  };
  const before = await pageOf();
  expect(before.match(/class="standing waiting"/g)).toHaveLength(6);
  expect(before).toContain('<code>autoresearch review night</code>');
  await cli('review', '--approve', '1,3', '--note', '<img src=x onerror=alert(1)> fine', '--as', 'Ada <script>');
  await cli('review', '--reject', '4', '--as', 'Grace');
  await cli('review', '--ask', '5', '--note', 'why?', '--as', 'Grace');
  await cli('promote', '--branch', 'better', '--as', 'Grace', '--no-audit');
  const page = await pageOf();
  // In the ranking, in the list, and among the decisions of the experiment; parked ones in the reviews instead of the ranking.
  expect(page.match(/class="standing approved"/g)).toHaveLength(7);
  expect(page.match(/class="standing rejected"/g)).toHaveLength(3);
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt; fine');
  expect(page).not.toMatch(/<img|Ada <script>/);
  expect(page).toMatch(/<code>better<\/code> at <code>\w{7}<\/code>:\s*<a href="#e1">#1<\/a>, <a href="#e3">#3<\/a> on/);
  expect(page).toMatch(/<dt>approved<\/dt>\s*<dd>2<\/dd>/);
});

it('a report of a run that asks nobody says nothing of reviews', async () => {
  const repo = await playNight([change('a', 5)]);
  await runCli(['report'], { cwd: repo.dir });
  const page = readFileSync(join(repo.dir, '.autoresearch/night/report.html'), 'utf8');
  expect(page).not.toMatch(/id="reviews"|class="standing/);
});
