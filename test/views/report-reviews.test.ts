import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { change, parked, playNight } from '../helpers/review.ts';
import { runCli } from '../helpers/run-cli.ts';
import type { ReportData } from '../../src/page/built.ts';
import { paperOf } from '../page/report-of.ts';

async function dataIn(html: string | Promise<string>): Promise<ReportData> {
  return JSON.parse(/id="data">(.*?)<\/script>/s.exec(await html)?.[1] ?? '') as ReportData;
}

it('the report shows what waits, who decided what and why, and what was promoted', async () => {
  const repo = await playNight([change('a', 5), change('b', 5), parked('c', 4), parked('d', 4), parked('c', 3)]);
  const cli = (...args: string[]) => runCli(args, { cwd: repo.dir });
  const pageOf = async () => {
    await cli('report');
    return readFileSync(join(repo.dir, '.autoresearch/night/report.html'), 'utf8');
  };
  expect((await dataIn(pageOf())).sections.decide.items.map(({ standing, isParked }) => `${standing} ${isParked}`)).toEqual([
    ...Array.from({ length: 3 }, () => 'waiting true'),
    ...Array.from({ length: 2 }, () => 'waiting false'),
  ]);
  await cli('review', '--approve', '1,3', '--note', '<img src=x onerror=alert(1)> fine', '--as', 'Ada <script>');
  await cli('review', '--reject', '4', '--as', 'Grace');
  await cli('review', '--ask', '5', '--note', 'why?', '--as', 'Grace');
  await cli('promote', '--branch', 'better', '--as', 'Grace', '--no-audit');
  const html = await pageOf();
  const { head, rows, sections } = await dataIn(html);
  expect(rows.map(({ standing }) => standing)).toEqual([undefined, 'approved', undefined, 'approved', 'rejected', 'asked']);
  expect(sections.decide.items[0]).toMatchObject({ standing: 'asked', decisions: [{ by: 'Grace', note: 'why?' }] });
  expect(sections.decide.promotions).toMatchObject([
    { branch: 'better', text: expect.stringMatching(/#1, #3 on \w{7}, by Grace/) as string },
  ]);
  expect(head.stats).toContainEqual(['approved', '2']);
  expect(paperOf(html)).toContain('&lt;img src=x onerror=alert(1)> fine');
  expect(html).not.toMatch(/<img|Ada <script>/);
});
