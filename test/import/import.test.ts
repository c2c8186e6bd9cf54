import { expect, it } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';
import { experimentsOf, problemsOf } from '../helpers/project.ts';
import { snapshot, makeRepo, type TestRepo } from '../helpers/repo.ts';
import type { RejudgementView } from '../../src/views/rejudge.ts';
import { createNoise, range } from '../stats/numbers.ts';
import { logOf, makeNight, ROWS } from './results.ts';

const cli = (repo: TestRepo, ...args: string[]) => runCli(args, { cwd: repo.dir });

it('a log becomes a run that every reading command shows as not measured by this engine', async () => {
  const repo = makeRepo({ 'results.tsv': logOf(ROWS, '\r\n') });
  const before = snapshot(repo.dir);
  expect((await cli(repo, 'import', 'results.tsv', '--name', 'mar5')).stdout).toContain('mar5: 12 rows of results.tsv imported');
  expect(snapshot(repo.dir)).toEqual(before);
  const experiments = await experimentsOf(repo.dir, 'mar5');
  expect(experiments.map(({ verdict, score }) => [verdict, score?.value ?? null])).toEqual(
    ROWS.map((row) => row.split('\t')).map(([, value, , status]) => [status, status === 'crash' ? null : Number(value)]),
  );
  expect(experiments[7]).toMatchObject({
    candidate: null,
    trials: [],
    judgements: [],
    proposal: { title: 'random seed 42 -> 137', agent: 'import', source: 'import', params: { commit: 'abc0070' } },
    reason: { code: 'IMPORTED', text: 'results.tsv:9 says keep: not measured by this engine' },
    incumbent: { id: 1, score: 0.9951 },
  });
  expect(experiments[7]?.delta).toBeCloseTo(-0.0001, 10);
  for (const command of [['status'], ['log'], ['log', '--rank'], ['show', '7'], ['show', '3']])
    expect((await cli(repo, ...command)).stdout, command.join(' ')).toContain('not measured by this engine');
  expect((await cli(repo, 'report', '--out', 'r.html')).code).toBe(0);
  expect(repo.read('r.html')).toContain('not measured by this engine');
  expect(await problemsOf(repo.dir, 'mar5')).toEqual([]);
});

it('with its branch, the commits become candidates on the parents they have, and their diffs can be read', async () => {
  const repo = makeNight();
  expect((await cli(repo, 'import', 'results.tsv', '--branch', 'autoresearch/mar5')).stdout).toContain('12 of their commits are here');
  const experiments = await experimentsOf(repo.dir, 'mar5');
  const branch = repo.git('rev-list', '--reverse', 'autoresearch/mar5').trim().split('\n');
  expect(experiments.filter(({ verdict }) => verdict === 'keep').map(({ candidate }) => candidate)).toEqual(branch);
  expect(experiments.map(({ parent }) => parent).slice(1)).toEqual(
    experiments.slice(1).map(({ id }) => experiments.findLast((one) => one.id < id && one.verdict === 'keep')?.candidate),
  );
  expect((await cli(repo, 'show', '10')).stdout).toContain('+10');
  expect(await problemsOf(repo.dir, 'mar5')).toEqual([]);
  expect((await cli(repo, 'import', 'results.tsv', '--branch', 'autoresearch/mar5', '--name', 'mar5')).stderr).toContain('RUN_EXISTS');
});

it('of a bad log nothing is written', async () => {
  const rows = ROWS.map((row) => row.replace(/\t(?:keep|discard)\t/, '\tfabulous\t'));
  const repo = makeRepo({ 'results.tsv': logOf(rows) });
  const refs = repo.git('for-each-ref');
  const { code, stderr } = await cli(repo, 'import', 'results.tsv');
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining(
      'results.tsv:2 IMPORT_INVALID it is not known what these words for a status mean: "fabulous" (line 2 and 10 more)',
    ),
  ]);
  expect((await cli(repo, 'import', 'missing.tsv')).stderr).toMatch(/^missing\.tsv IMPORT_INVALID there is no such file/);
  expect((await cli(repo, 'import', 'results.tsv', '--branch', 'none')).code).toBe(2);
  expect(repo.git('for-each-ref')).toBe(refs);
});

it('a log in JSON keeps its direction, its hypotheses and its times; --map and --segment choose', async () => {
  const repo = makeRepo({
    'autoresearch.jsonl': [
      '{"type":"config","metricName":"parse_us","bestDirection":"lower"}',
      '{"run":1,"commit":"c09e722","metric":38,"status":"keep","description":"baseline","timestamp":1773348490227}',
      '{"type":"config","metricName":"tests_green","bestDirection":"higher"}',
      '{"run":2,"commit":"c09e722","metric":4,"status":"keep","description":"start"}',
      '{"run":3,"commit":"c09e722","metric":5,"status":"fabulous","description":"more","hypothesis":"tests first"}',
    ].join('\n'),
  });
  const { stdout } = await cli(repo, 'import', 'autoresearch.jsonl', '--name', 'now', '--map', 'keep=fabulous');
  expect(stdout).toContain('now: 2 rows of autoresearch.jsonl imported, tests_green to maximize');
  expect(stdout).toContain('the log began anew: this is part 2 of 2');
  const [, second] = await experimentsOf(repo.dir, 'now');
  expect(second).toMatchObject({
    verdict: 'keep',
    proposal: { title: 'more', hypothesis: 'tests first' },
    reason: { text: expect.stringContaining('says fabulous, taken as keep') },
  });
  await cli(repo, 'import', 'autoresearch.jsonl', '--name', 'then', '--segment', '1');
  expect((await experimentsOf(repo.dir, 'then')).map(({ startedAt }) => startedAt)).toEqual(['2026-03-12T20:48:10.227Z']);
  for (const run of ['now', 'then']) expect(await problemsOf(repo.dir, run)).toEqual([]);
});

it('a log whose first rows failed can be read, shown and verified', async () => {
  const repo = makeRepo({
    'log.md':
      '| exp | loss | result | notes |\n|--|--|--|--|\n| 1 | | crash | no data |\n| 2 | 0.5 | discard | starts here |\n| 3 | 0.4 | ✓ | better |\n',
  });
  expect((await cli(repo, 'import', 'log.md', '--name', 'md')).code).toBe(0);
  for (const command of [
    ['status'],
    ['log'],
    ['log', '--rank'],
    ['show', '0'],
    ['show', '2'],
    ['report', '--out', 'r.html'],
    ['rejudge', '--sigma', '0.01'],
  ])
    expect([command, (await cli(repo, ...command)).code]).toEqual([command, 0]);
  expect(await problemsOf(repo.dir, 'md')).toEqual([]);
});

it('nothing of an imported run can be run', async () => {
  const repo = makeNight();
  await cli(repo, 'import', 'results.tsv', '--name', 'mar5');
  for (const command of [['resume'], ['ablate'], ['verify', '--recompute']]) {
    const { code, stderr } = await cli(repo, ...command);
    expect([command, code, stderr.split(' ')[0]]).toEqual([command, 3, 'RUN_IMPORTED']);
  }
});

it('rejudge says which keeps stand: a change of the seed that won does not, a real gain does', async () => {
  const repo = makeNight('\r\n');
  await cli(repo, 'import', 'results.tsv', '--name', 'numbers');
  await cli(repo, 'import', 'results.tsv', '--name', 'commits', '--branch', 'autoresearch/mar5');
  const judge = async (run: string, ...more: string[]) =>
    JSON.parse((await cli(repo, 'rejudge', run, '--sigma', '0.00024', '--json', ...more)).stdout) as RejudgementView;
  const found = await judge('numbers');
  const outcomes = Object.fromEntries(found.keeps.map(({ id, outcome }) => [id, outcome]));
  expect(outcomes).toMatchObject({ 1: 'stands', 9: 'stands' });
  expect(outcomes[7]).not.toBe('stands');
  const seed = found.keeps.find(({ id }) => id === 7);
  expect(seed?.estimate?.pGain).toBeLessThan(0.6);
  expect(Math.abs(seed?.estimate?.effect ?? 1)).toBeLessThan(0.0003);
  expect(found.summary).toMatchObject({ keeps: 4 });
  expect(found.summary.claimedGain).toBeCloseTo(0.00582, 10);
  expect(found.summary.estimatedGain).toBeLessThan(0.00582);
  // Whether the commits are known makes no difference to the numbers.
  expect((await judge('commits')).keeps).toEqual(found.keeps);
  expect((await judge('numbers', '--set', 'profile=strict', '--set', 'maxRuns=1')).summary).toMatchObject({
    stand: 2,
    fall: 2,
    undecided: 0,
  });
  expect((await judge('numbers', '--gate', 'min-delta')).summary).toMatchObject({ stand: 4, fall: 0, estimatedGain: null });
  expect((await cli(repo, 'rejudge', 'numbers', '--sigma', '0.00024')).stdout).toMatch(/\d of 4 keeps stand/);
  expect((await cli(repo, 'rejudge', 'numbers', '--set', 'profil=strict')).stderr).toContain('CONFIG_UNKNOWN_KEY');
  expect((await cli(repo, 'rejudge', 'numbers', '--gate', 'scope')).stderr).toContain('judges no scores');
});

it('without a sigma the log is asked for one, and what it rests on is said', async () => {
  const noise = createNoise(11);
  const rows = range(60).map((index) => {
    const value = index === 30 ? 3.2158 : 0.99 + 0.00024 * (noise.normal() + (index % 3) * noise.exponential(3));
    return `abc${String(1000 + index)}\t${value.toFixed(6)}\t44.0\t${index === 0 ? 'keep' : 'discard'}\ttry ${index} more`;
  });
  const repo = makeRepo({ 'results.tsv': logOf(rows) });
  await cli(repo, 'import', 'results.tsv', '--name', 'guess');
  const { stdout } = await cli(repo, 'rejudge', 'guess');
  const [, sigma] = /sigma (0\.000\d+), estimated from the spread of 59 changes/.exec(stdout) ?? [];
  expect(Number(sigma) / 0.00024).toBeGreaterThan(0.5);
  expect(Number(sigma) / 0.00024).toBeLessThan(2);
  await cli(repo, 'import', 'results.tsv', '--name', 'told', '--sigma', '0.0002');
  expect((await cli(repo, 'rejudge', 'told')).stdout).toContain('sigma 0.0002, given when it was imported');
});

it('where a log tells too little of its noise, --sigma is asked for', async () => {
  const repo = makeNight();
  await cli(repo, 'import', 'results.tsv', '--name', 'short');
  const { code, stderr } = await cli(repo, 'rejudge', 'short');
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^USAGE the log does not tell the noise of one trial.*\n.*--sigma/s)]);
});
