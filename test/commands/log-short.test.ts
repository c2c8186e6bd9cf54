import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ShortRow } from '../../src/plugin.ts';
import { packRows, renderPacked, unpackRows, type PackedRows } from '../../src/views/packed-rows.ts';
import { summarize } from '../../src/model/summarize.ts';
import { shortRowOf } from '../../src/views/short-rows.ts';
import { playNight } from '../helpers/review.ts';
import { makeRepo, type TestRepo } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';
import { experimentOf, writeSyntheticLedger } from '../helpers/synthetic-ledger.ts';

const COUNT = 60;
const cli = (repo: TestRepo, ...args: string[]) => runCli(['log', ...args], { cwd: repo.dir });
const rowsOf = (stdout: string) => unpackRows(JSON.parse(stdout) as PackedRows);
const idsOf = async (repo: TestRepo, ...args: string[]) =>
  rowsOf((await cli(repo, 'night', '--json', '--short', ...args)).stdout).map(({ id }) => id);

it('log --json --short has every experiment, also by pages', async () => {
  const repo = makeRepo({ 'train.py': 'LR = 1\n' });
  await writeSyntheticLedger(repo.dir, 'night', COUNT);

  const { code, stdout } = await cli(repo, 'night', '--json', '--short');
  expect(code).toBe(0);
  const rows = rowsOf(stdout);
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: COUNT }, (_, id) => id));
  expect(rows[11]).toEqual({
    id: 11,
    kind: 'change',
    verdict: 'keep',
    code: 'IMPROVED',
    title: 'weight decay 0.1 → 0.05 for matrices on…',
    score: 0.9655124,
    delta: -0.01,
    low: -0.022,
    high: expect.any(Number) as unknown,
    pGain: 0.5,
    agent: 'claude-code',
    cost: 0.0233,
    tokens: 10207,
    seconds: expect.any(Number) as unknown,
    at: expect.any(Number) as unknown,
    slot: 'cuda:3',
    candidate: repo.git('rev-parse', 'HEAD').slice(0, 7),
  });

  expect(await idsOf(repo, '--since', '56')).toEqual([57, 58, 59]);
  expect(await idsOf(repo, '--since', '10', '--limit', '2')).toEqual([11, 12]);
  expect(await idsOf(repo, '--limit', '2')).toEqual([58, 59]);
  expect(await idsOf(repo, '--since', '5000')).toEqual([]);
  expect(JSON.parse((await cli(repo, 'night', '--json', '--short', '--limit', '1')).stdout)).toMatchObject({
    v: 1,
    run: 'night',
    total: COUNT,
  });

  for (const args of [['--short'], ['--json', '--limit', '3'], ['--json', '--short', '--since', 'x']])
    expect((await cli(repo, ...args)).code).toBe(2);
});

it('reads the ledger of a real run', async () => {
  const repo = await playNight();
  const { stdout } = await cli(repo, '--json', '--short');
  expect(rowsOf(stdout).map(({ id, kind, verdict, delta }) => [id, kind, verdict, delta])).toEqual([
    [0, 'baseline', 'keep', undefined],
    [1, 'change', 'keep', -5],
    [2, 'change', 'keep', -5],
    [3, 'change', 'discard', 45],
    [4, 'change', 'review', -6],
  ]);
});

it('10,000 experiments of a night are less than a megabyte', () => {
  const commit = '0123456789'.repeat(4);
  const rows = Array.from({ length: 10_000 }, (_, id) =>
    shortRowOf(summarize(experimentOf(id, commit, 'night')), 1_764_243_607 + id * 312),
  );
  expect(Buffer.byteLength(renderPacked({ v: 1, run: 'night', total: rows.length, ...packRows(rows) }))).toBeLessThan(1_000_000);
});

it.each([
  [0.46, 0.5],
  [9.94, 9.9],
  [61.4, 61],
])('a time of %f s is given as %f s', (seconds, shown) => {
  expect(shortRowOf({ ...summarize(experimentOf(1, '0'.repeat(40), 'night')), seconds }, 0).seconds).toBe(shown);
});

it('packed rows come back as they were', () => {
  const text = fc.string({ maxLength: 20 });
  const row = fc.record(
    {
      id: fc.nat(),
      kind: fc.constantFrom('baseline', 'control', 'change'),
      verdict: fc.constantFrom('keep', 'discard', 'crash', 'review'),
      code: text,
      title: text,
      score: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      low: fc.integer(),
      agent: text,
      tokens: fc.nat(),
      seconds: fc.nat(),
      at: fc.nat(),
      slot: text,
      candidate: text,
    },
    { requiredKeys: ['id', 'kind', 'verdict', 'code', 'title', 'agent', 'seconds', 'at'] },
  );
  fc.assert(
    fc.property(fc.array(row as fc.Arbitrary<ShortRow>), (rows) => {
      expect(unpackRows(JSON.parse(renderPacked(packRows(rows) as never)) as PackedRows)).toEqual(rows.map((one) => ({ ...one })));
    }),
  );
});
