import { spawn, spawnSync } from 'node:child_process';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReviewRecord } from '../../src/ledger/review-records.ts';
import { until } from '../helpers/processes.ts';
import { problemsOf, resume, run, verdicts } from '../helpers/project.ts';
import { gitEnv, snapshot, type TestRepo } from '../helpers/repo.ts';
import { change, makeNight, parked, playNight } from '../helpers/review.ts';
import { CLI, runCli, startCli } from '../helpers/run-cli.ts';

const cli = (repo: TestRepo, ...args: string[]) => runCli(args, { cwd: repo.dir, env: { NO_COLOR: '1' } });
const subjects = ({ git }: TestRepo) => git('log', '--first-parent', '--format=%s', 'refs/autoresearch/night/ledger').trim().split('\n');
const asPerson = ({ git }: TestRepo) => {
  git('config', 'user.name', 'Ada Lovelace');
  git('config', 'user.email', 'ada@example.org');
};

describe('review', () => {
  it('lists what can be decided, the largest effect first, and says how without a terminal', async () => {
    const repo = await playNight();
    const { code, stdout } = await cli(repo, 'review');
    expect(code).toBe(0);
    expect([...stdout.matchAll(/^\s*(\d) +waiting +(keep|parked)/gm)].map(([, id, verdict]) => `${id} ${verdict}`)).toEqual([
      '4 parked',
      '1 keep',
      '2 keep',
    ]);
    expect(stdout).toContain('autoresearch review night --approve 4,1,2');
  });

  it('records decisions by whom git knows, without touching the checkout, and shows them everywhere', async () => {
    const repo = await playNight();
    asPerson(repo);
    const before = snapshot(repo.dir);
    const made = await cli(repo, 'review', 'night', '--approve', '1,4', '--reject', '2', '--note', 'seen =1+1 today');
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toMatch(/#1 approved by Ada Lovelace, .* UTC: seen =1\+1 today\n#4 approved by .*\n#2 rejected by /);
    expect(snapshot(repo.dir)).toEqual(before);
    expect(subjects(repo).slice(0, 3)).toEqual([
      'review: #2 rejected by Ada Lovelace: seen =1+1 today',
      'review: #4 approved by Ada Lovelace: seen =1+1 today',
      'review: #1 approved by Ada Lovelace: seen =1+1 today',
    ]);
    expect(await problemsOf(repo.dir)).toEqual([]);
    expect((await cli(repo, 'log')).stdout).toMatch(/4 +review +approved/);
    expect((await cli(repo, 'log', '--rank')).stdout).toMatch(/1 +approved/);
    expect((await cli(repo, 'show', '2')).stdout).toMatch(/Reviews\n {2}rejected by Ada Lovelace/);
    expect((await cli(repo, 'status')).stdout).toMatch(/state +stopped|state +all|review +2 approved, 1 rejected\n/);
    expect((await cli(repo, 'status')).stdout).not.toContain('interrupted');
    const items = JSON.parse((await cli(repo, 'review', '--json')).stdout) as { id: number; standing: string; diff: string }[];
    expect(items.map(({ id, standing }) => [id, standing])).toEqual([
      [4, 'approved'],
      [1, 'approved'],
      [2, 'rejected'],
    ]);
    expect(items[0]?.diff).toContain('+4\n');
  });

  it('keeps every decision, and lets the last one stand', async () => {
    const repo = await playNight();
    await cli(repo, 'review', '--ask', '4', '--note', 'why c?', '--as', 'Grace Hopper <grace@example.org>');
    expect((await cli(repo, 'status')).stdout).toContain('1 asked: autoresearch review night');
    await cli(repo, 'review', '--approve', '4', '--as', 'Ada');
    const shown = (await cli(repo, 'show', '4')).stdout;
    expect(shown).toMatch(/asked by Grace Hopper, .*: why c\?\n {2}approved by Ada, /);
    const json = JSON.parse((await cli(repo, 'review', '--json')).stdout) as { id: number; standing: string; reviews: ReviewRecord[] }[];
    expect(json.find(({ id }) => id === 4)).toMatchObject({
      standing: 'approved',
      reviews: [{ by: { name: 'Grace Hopper', email: 'grace@example.org' } }, { by: { name: 'Ada', email: null } }],
    });
  });

  it.each([
    [['--approve', '3'], 'NOT_REVIEWABLE #3 was discarded'],
    [['--approve', '0'], 'NOT_REVIEWABLE #0 changes nothing'],
    [['--approve', '9'], 'EXPERIMENT_NOT_FOUND'],
    [['--approve', '1', '--reject', '1'], 'USAGE #1 is decided twice'],
    [['--ask', '1'], 'USAGE #1 is asked about without a question'],
    [['--approve', '1', '--as', '  '], 'USAGE "  " names nobody'],
    [['--note', 'x'], 'USAGE --note says why, but nothing is decided'],
    [['--approve', 'one'], 'numbers of experiments'],
  ])('refuses %j and writes nothing', async (args, said) => {
    const repo = await playNight([change('a', 5), change('b', 5), change('b', 50)]);
    const before = subjects(repo);
    const { code, stderr } = await cli(repo, 'review', ...args);
    expect(code).toBeGreaterThan(1);
    expect(stderr).toContain(said);
    expect(subjects(repo)).toEqual(before);
  });

  it('writes none of several decisions when one of them cannot be', async () => {
    const repo = await playNight();
    const before = subjects(repo);
    expect((await cli(repo, 'review', '--approve', '1,3', '--as', 'Ada')).code).toBe(3);
    expect(subjects(repo)).toEqual(before);
  });

  it('says who cannot be known where git knows nobody', async () => {
    const repo = await playNight();
    const env = { HOME: repo.dir, GIT_CONFIG_NOSYSTEM: '1', XDG_CONFIG_HOME: repo.dir };
    const { code, stderr } = await runCli(['review', '--approve', '1'], { cwd: repo.dir, env });
    expect([code, stderr]).toEqual([2, expect.stringContaining('git has no user.name')]);
  });

  it('does not disturb a run in progress, which records it when it stops', async () => {
    const night = makeNight([change('a', 5), { sleepMs: 120_000, title: 'slow' }]);
    const going = startCli(['run', '--name', 'night'], { cwd: night.dir });
    await until('the first keep', () => /^#1 keep/m.test(night.git('log', '--format=%s', '--glob=refs/autoresearch/night/*')));
    const queued = await cli(night, 'review', 'night', '--approve', '1', '--as', 'Ada');
    expect([queued.code, queued.stdout]).toEqual([0, expect.stringMatching(/^#1 approve: queued/)]);
    expect((await cli(night, 'review', '--json')).code).toBe(0);
    going.child.kill('SIGINT');
    expect((await going.ended).code).toBe(130);
    expect(subjects(night).filter((subject) => subject.startsWith('review'))).toEqual(['review: #1 approved by Ada']);
    expect(await problemsOf(night.dir)).toEqual([]);
  });

  it('ends what a killed session left behind when it takes over its lock', async () => {
    const repo = await playNight();
    const child = spawn('sleep', ['300'], { env: { ...gitEnv(), AUTORESEARCH_PROCESS: 'dead-token/1' }, stdio: 'ignore' });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const lock = join(repo.dir, '.autoresearch/night/lock');
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 - 1, host: hostname(), started: null, token: 'dead-token' }));
    utimesSync(lock, new Date(0), new Date(0));
    expect((await cli(repo, 'review', '--approve', '1', '--as', 'Ada')).code).toBe(0);
    await gone;
    expect(existsSync(lock)).toBe(false);
  });

  it('leaves a run that can go on from the incumbent, whatever was decided', async () => {
    const steps = [change('a', 5), change('b', 5), change('b', 50), parked('c', 4), change('d', 1)];
    const repo = makeNight(steps, { budget: { experiments: 4 } });
    await run(repo.dir);
    await cli(repo, 'review', '--approve', '4', '--reject', '2', '--as', 'Ada');
    const { experiments } = await resume(repo.dir, { budget: { experiments: 5 } });
    expect(verdicts(experiments).at(-1)).toBe('#5 keep IMPROVED');
    expect(experiments[5]?.parent).toBe(experiments[2]?.candidate);
    expect(await problemsOf(repo.dir)).toEqual([]);
    const recomputed = await cli(repo, 'verify', '--recompute');
    expect([recomputed.code, recomputed.stdout]).toEqual([0, expect.stringContaining('all the same')]);
  });

  it('loses no decision to a kill at any moment', async () => {
    const repo = await playNight();
    for (const wait of [150, 300, 450, 600, 750, 900]) {
      const going = startCli(['review', '--approve', '1,2,4', '--as', `Ada ${wait}`], { cwd: repo.dir });
      await new Promise((resolve) => setTimeout(resolve, wait));
      going.child.kill('SIGKILL');
      await going.ended;
      expect(await problemsOf(repo.dir)).toEqual([]);
    }
    expect((await cli(repo, 'review', '--approve', '1,2,4', '--as', 'Ada at last')).code).toBe(0);
    expect(
      subjects(repo)
        .slice(0, 3)
        .every((subject) => subject.endsWith('approved by Ada at last')),
    ).toBe(true);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });
});

describe('verify of decisions', () => {
  /** Writes the last entry anew, with another record. */
  const forge = async (edit: (record: ReviewRecord) => object) => {
    const repo = await playNight();
    await cli(repo, 'review', '--approve', '4', '--as', 'Ada');
    const ref = 'refs/autoresearch/night/ledger';
    const record = JSON.parse(repo.git('show', `${ref}:record.json`)) as ReviewRecord;
    const pipe = (args: string[], input: string) =>
      spawnSync('git', args, { cwd: repo.dir, env: gitEnv(), input, encoding: 'utf8' }).stdout.trim();
    const blob = (text: string) => pipe(['hash-object', '-w', '--stdin'], text);
    const tree = pipe(['mktree'], `100644 blob ${blob(JSON.stringify(edit(record)))}\trecord.json\n100644 blob ${blob('')}\tlog.txt\n`);
    repo.git('update-ref', ref, pipe(['commit-tree', tree, '-p', `${ref}^`], 'review\n\nAutoresearch-Session: review'));
    return (await problemsOf(repo.dir)).join('\n');
  };

  it.each([
    ['another experiment', { experiment: 3 }, 'review of #3: it is about a discard'],
    ['one that is not there', { experiment: 8 }, 'review of #8: there was no such experiment yet'],
    ['another commit', { candidate: 'a'.repeat(40) }, 'and the candidate is'],
    ['a word that is no decision', { decision: 'fine' }, 'review of #4: /decision'],
    ['nobody', { by: { name: '', email: null } }, 'review of #4: /by/name'],
  ])('finds one about %s', async (_, edit, said) => {
    expect(await forge((record) => ({ ...record, ...edit }))).toContain(said);
  });
});

const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

describe.runIf(hasScript)('review in a terminal', () => {
  /** Types a line whenever the program asks. */
  async function type(repo: TestRepo, lines: readonly string[], args = ''): Promise<string> {
    const command = `${process.execPath} ${CLI} review ${args}`;
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: repo.dir,
      env: { ...process.env, TERM: 'xterm-256color', SHELL: '/bin/sh', NO_COLOR: '1' },
    });
    let out = '';
    let answered = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      out += String(chunk);
      const asked = [...out.matchAll(/\[q\]uit > |note \(Enter for none\): |question: /g)].length;
      for (; answered < asked && answered < lines.length; answered++) child.stdin.write(`${lines[answered]}\r`);
    });
    await new Promise((resolve) => child.once('close', resolve));
    return out.replaceAll('\r', '');
  }

  it('walks through what waits, and records each decision before the next', async () => {
    const repo = await playNight();
    asPerson(repo);
    const out = await type(repo, ['d', 'w', 'x', 'a', 'good', 'k', '', 'k', 'what of b?', 's']);
    expect(out).toMatch(/1 of 3 {2}#4 parked park c at 4/);
    expect(out).toContain('Risks\n  none named');
    expect(out).toContain('+4');
    expect(out).toContain('Judgements');
    expect(out).toMatch(/2 of 3 {2}#1 keep a to 5/);
    expect(out).toContain('2 of 3 decided; a branch of what is approved: autoresearch promote night --branch NAME');
    expect(subjects(repo).slice(0, 2)).toEqual([
      'review: #1 asked by Ada Lovelace: what of b?',
      'review: #4 approved by Ada Lovelace: good',
    ]);
    const again = await type(repo, ['q']);
    expect(again).toContain('1 of 2  #1 keep');
    expect(again).toContain('what of b?');
    expect(await type(repo, ['q'], '--all')).toContain('1 of 3  #4 parked');
  });

  it('records nothing of a decision that was left at its note', async () => {
    const repo = await playNight();
    asPerson(repo);
    const before = subjects(repo);
    expect(await type(repo, ['a', '\u0003'])).toContain('0 of 3 decided');
    expect(subjects(repo)).toEqual(before);
  });
});
