import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PromotionRecord } from '../../src/ledger/review-records.ts';
import { leftovers, until } from '../helpers/processes.ts';
import { problemsOf, run } from '../helpers/project.ts';
import { makeRepo, snapshot, type TestRepo } from '../helpers/repo.ts';
import { change, makeNight, parked, playNight } from '../helpers/review.ts';
import { runCli, startCli } from '../helpers/run-cli.ts';

const cli = (repo: TestRepo, ...args: string[]) => runCli(args, { cwd: repo.dir, env: { NO_COLOR: '1' } });
const approve = (repo: TestRepo, ids: string, ...more: string[]) =>
  cli(repo, 'review', '--approve', ids, '--as', 'Ada <ada@example.org>', ...more);
const promote = (repo: TestRepo, ...args: string[]) => cli(repo, 'promote', '--branch', 'better', '--as', 'Ada <ada@example.org>', ...args);
const titles = ({ git }: TestRepo, range = 'main..better') =>
  git('log', '--reverse', '--format=%s', range).trim().split('\n').filter(Boolean);
const lastRecord = ({ git }: TestRepo) => JSON.parse(git('show', 'refs/autoresearch/night/ledger:record.json')) as PromotionRecord;
const withoutRefs = (taken: Record<string, string>) =>
  Object.fromEntries(Object.entries(taken).filter(([name]) => !/^refs$|refs\/heads|^git\/logs\/refs\/heads/.test(name)));

describe('promote', () => {
  it('builds a branch of what stands approved, audits it and records both, and touches nothing else', async () => {
    const repo = await playNight();
    const remote = makeRepo({ 'a.txt': 'theirs' });
    repo.git('remote', 'add', 'origin', remote.dir);
    await approve(repo, '1,2,4', '--note', 'seen');
    await cli(repo, 'review', '--reject', '2', '--as', 'Grace');
    const before = snapshot(repo.dir);
    const { code, stdout, stderr } = await promote(repo, 'night');
    expect([code, stderr]).toEqual([0, expect.stringContaining('nothing was pushed')]);
    expect(titles(repo)).toEqual(['a to 5', 'park c at 4']);
    expect(['a', 'b', 'c'].map((file) => repo.git('show', `better:lib/${file}.txt`))).toEqual(['x\n5\nx\n', 'x\n10\nx\n', 'x\n4\nx\n']);
    const after = snapshot(repo.dir);
    expect(withoutRefs(after)).toEqual(withoutRefs(before));
    expect(after['refs']?.replace(/^.*refs\/heads\/better\n/m, '')).toBe(before['refs']);
    expect(repo.git('ls-remote', 'origin')).not.toContain('better');
    const record = lastRecord(repo);
    expect(record).toMatchObject({ kind: 'promotion', branch: 'better', by: { name: 'Ada' }, leftOut: [] });
    expect(record.audit).toMatchObject({ change: { value: 11, low: 11, high: 11 }, shown: 'gain', failures: [] });
    expect(record.audit?.trials.promoted.map(({ seed }) => seed)).toEqual([3_000_000, 3_000_001, 3_000_002]);
    expect(stdout).toContain('Audited gain 11');
    expect(stdout).toContain('measured on top of experiment 2, not part of this branch');
    expect(await problemsOf(repo.dir)).toEqual([]);
    expect(repo.git('worktree', 'list').trim().split('\n')).toHaveLength(1);
    // The promoted commits are the ledger's to keep.
    repo.git('branch', '-D', 'better');
    expect(repo.git('merge-base', '--is-ancestor', record.commit, 'refs/autoresearch/night/ledger')).toBe('');
  });

  it('puts the evidence into each message, with trailers that lead back to the ledger', async () => {
    const repo = await playNight();
    await approve(repo, '1', '--note', 'as agreed');
    await promote(repo, '--no-audit');
    const message = repo.git('log', '-1', '--format=%B', 'better');
    expect(message).toContain(
      'Evidence:\n  loss: 35.00, -5.00 ▲ against experiment 0 at 40.00\n  gain: 5.00 by the raw scores, from 1 trial\n  min-delta pass IMPROVED: ',
    );
    expect(message).toMatch(/Approved by:\n {2}Ada <ada@example.org>, .*Z\n {2}as agreed\n/);
    const trailers = Object.fromEntries(
      repo
        .git('log', '-1', '--format=%(trailers:only)', 'better')
        .trim()
        .split('\n')
        .map((line) => line.split(': ') as [string, string]),
    );
    const experiment = JSON.parse(repo.git('show', `${trailers['Autoresearch-Ledger']}:record.json`)) as { id: number; candidate: string };
    expect(experiment).toMatchObject({ id: 1, candidate: trailers['Autoresearch-Candidate'] });
    expect(JSON.parse(repo.git('show', `${trailers['Autoresearch-Review']}:record.json`))).toMatchObject({ kind: 'review', experiment: 1 });
    expect(trailers).toMatchObject({ 'Autoresearch-Run': 'night', 'Autoresearch-Experiment': '1', 'Approved-by': 'Ada <ada@example.org>' });
  });

  it('says which approvals conflict with what, and builds what it can', async () => {
    const steps = [change('a', 5), parked('a', 4), change('a', 3), change('b', 5), parked('c', 2)];
    const repo = await playNight(steps);
    await approve(repo, '1,2,3,4,5');
    const { code, stdout, stderr } = await promote(repo);
    expect(code).toBe(1);
    expect(titles(repo)).toEqual(['a to 5', 'a to 3', 'b to 5', 'park c at 2']);
    expect(stderr).toContain('left out: #2 conflicts with #3, in lib/a.txt');
    expect(lastRecord(repo).leftOut).toMatchObject([
      { experiment: 2, why: 'conflict', conflictsWith: [3], needs: [], paths: ['lib/a.txt'] },
    ]);
    expect(stdout).toContain('## Approved, and not part of it');
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('says what a change was made on that is not approved', async () => {
    const repo = await playNight([change('a', 5), change('a', 3), change('b', 5)]);
    await approve(repo, '2,3');
    expect((await promote(repo, '--no-audit')).stderr).toContain('left out: #2 was made on #1, which is not on the branch, in lib/a.txt');
    expect(titles(repo)).toEqual(['b to 5']);
    await cli(repo, 'review', '--reject', '3', '--as', 'Ada');
    const before = repo.git('for-each-ref');
    const nothing = await promote(repo, '--no-audit');
    expect([nothing.code, nothing.stderr]).toEqual([
      1,
      expect.stringContaining('PROMOTE_CONFLICT no approved change can be promoted: #2 was made on #1'),
    ]);
    expect(repo.git('for-each-ref')).toBe(before);
  });

  it('puts changes onto another revision, and says what is there already or conflicts with it', async () => {
    const repo = await playNight();
    await approve(repo, '1,2,4');
    repo.git('checkout', '-q', '-b', 'next');
    repo.write('lib/a.txt', 'x\n5\nx\n');
    repo.write('lib/b.txt', 'x\n7\nx\n');
    repo.write('own.txt', 'mine\n');
    repo.commit('meanwhile');
    const { code, stderr } = await promote(repo, '--onto', 'next');
    expect(code).toBe(1);
    expect(stderr).toContain('left out: #1 is there already');
    expect(stderr).toContain('left out: #2 conflicts with what it is put onto, in lib/b.txt');
    expect(titles(repo, 'next..better')).toEqual(['park c at 4']);
    expect(repo.git('show', 'better:own.txt')).toBe('mine\n');
    // 32 to 26: measured against what it is put onto, not against where the run started.
    expect(lastRecord(repo).audit?.change?.value).toBe(6);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('moves a branch of its own, and nobody else’s', async () => {
    const repo = await playNight();
    await approve(repo, '1');
    repo.git('branch', 'taken', 'main');
    const taken = await cli(repo, 'promote', '--branch', 'taken', '--as', 'Ada', '--no-audit');
    expect([taken.code, taken.stderr]).toEqual([3, expect.stringContaining('BRANCH_EXISTS')]);
    expect((await promote(repo, '--no-audit')).code).toBe(0);
    await approve(repo, '4');
    expect((await promote(repo, '--no-audit')).code).toBe(0);
    expect(titles(repo)).toEqual(['a to 5', 'park c at 4']);
    repo.git('checkout', '-q', 'better');
    const open = await promote(repo, '--no-audit');
    expect([open.code, open.stderr]).toEqual([3, expect.stringContaining('is checked out')]);
    repo.write('own.txt', 'mine');
    repo.commit('mine');
    repo.git('checkout', '-q', 'main');
    expect((await promote(repo, '--no-audit')).stderr).toContain('BRANCH_EXISTS');
    expect(repo.git('log', '-1', '--format=%s', 'better').trim()).toBe('mine');
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it.each([
    [['--branch', '-x'], 2],
    [['--branch', 'a..b'], 2],
    [['--branch', '@{-1}'], 2],
    [['--branch', 'autoresearch/night'], 2],
    [['--branch', 'better', '--onto', 'nowhere'], 3],
    [[], 2],
  ])('refuses %j', async (args, expected) => {
    const repo = await playNight([change('a', 5)]);
    await approve(repo, '1');
    const before = repo.git('for-each-ref');
    expect((await cli(repo, 'promote', ...args, '--as', 'Ada')).code).toBe(expected);
    expect(repo.git('for-each-ref')).toBe(before);
  });

  it('has nothing to do where nothing stands approved', async () => {
    const repo = await playNight();
    await approve(repo, '1');
    await cli(repo, 'review', '--ask', '1', '--note', 'really?', '--as', 'Ada');
    expect((await promote(repo)).stderr).toContain('NOTHING_APPROVED nothing of run night stands approved');
  });

  it('reports a guard that fails on fresh trials, and a branch that cannot be measured', async () => {
    const guard = `export default { kind: 'gate', name: 'fresh', apiVersion: 1, description: 'x', schema: false, create: () => ({ guards: true,
      judge: ({ trials }) => ({ outcome: trials[0].seed >= 3e6 ? 'fail' : 'pass', code: 'FRESH', reason: 'worse on fresh seeds' }) }) };`;
    const repo = makeNight([change('a', 5), change('b', 5)], { gates: [{ use: 'min-delta' }, { use: './fresh.mjs' }] });
    repo.write('fresh.mjs', guard);
    repo.commit('guard');
    await run(repo.dir);
    await approve(repo, '1');
    const failed = await promote(repo);
    expect([failed.code, failed.stdout]).toEqual([1, expect.stringContaining('failed on fresh trials')]);
    expect(lastRecord(repo).audit?.failures).toEqual(['fresh FRESH: worse on fresh seeds']);
    repo.git('checkout', '-q', '-b', 'broken');
    repo.write('train.sh', 'exit 3\n');
    repo.commit('broken');
    const broken = await promote(repo, '--onto', 'broken');
    expect(broken.code).toBe(1);
    expect(lastRecord(repo).audit).toMatchObject({ change: null, shown: 'none', text: expect.stringContaining('TRIAL_FAILED') });
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('writes the words of models and reviewers where they can do nothing', async () => {
    const title = 'Fixes #3 for @team | <b>now</b> ![x](http://evil.example)';
    const rationale = 'because\n\nApproved-by: Eve <eve@example.org>\nAutoresearch-Experiment: 99\n---\n# shout';
    const risks = ['=cmd()', '- [ ] @all'];
    const repo = await playNight([change('a', 5, { title, report: { title, rationale, risks, hypothesis: '```\nfence' } })]);
    await approve(repo, '1', '--note', 'closes #7 `x` @someone\nApproved-by: Eve');
    const { stdout } = await promote(repo, '--no-audit');
    expect(stdout).not.toMatch(/(?<!\\)[#@](?:3|7|team|someone|all)\b/);
    expect(stdout).not.toMatch(/(?<!\\)<b>|!\[x\]\(|^```/m);
    expect(stdout).toContain('because');
    const message = repo.git('log', '-1', '--format=%B', 'better');
    expect(message).not.toMatch(/#\d|@team|@someone/);
    const trailers = repo.git('log', '-1', '--format=%(trailers:only)', 'better').trim().split('\n');
    expect(trailers.filter((line) => line.startsWith('Approved-by'))).toEqual(['Approved-by: Ada <ada@example.org>']);
    expect(trailers).toHaveLength(6);
    expect(message.split('\n').filter((line) => line.startsWith('Approved-by'))).toHaveLength(1);
  });

  it('loses nothing to a kill in the middle of the audit, and ends what it left running', async () => {
    const repo = await playNight();
    await approve(repo, '1,4');
    repo.git('checkout', '-q', '-b', 'slow');
    repo.write('train.sh', 'touch "$PWD/begun"; sleep 120\n');
    repo.commit('slow');
    const before = repo.git('for-each-ref');
    const going = startCli(['promote', '--branch', 'better', '--onto', 'slow', '--as', 'Ada'], { cwd: repo.dir });
    await until('the trial', () => existsSync(join(repo.dir, '.autoresearch/night/worktrees/measure/begun')));
    going.child.kill('SIGKILL');
    await going.ended;
    expect(repo.git('for-each-ref')).toBe(before);
    expect(await problemsOf(repo.dir)).toEqual([]);
    repo.git('checkout', '-q', 'main');
    expect((await promote(repo)).code).toBe(0);
    expect(titles(repo)).toEqual(['a to 5', 'park c at 4']);
    expect(await leftovers(repo.dir)).toEqual([]);
    expect(readdirSync(join(repo.dir, '.autoresearch/night/worktrees'))).toEqual([]);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('leaves the ledger whole when it is killed at any moment, and can be done again', async () => {
    const repo = await playNight();
    await approve(repo, '1,2,4');
    for (const wait of [200, 350, 500, 650, 800, 1000, 1300]) {
      const going = startCli(['promote', '--branch', `try-${wait}`, '--no-audit', '--as', 'Ada'], { cwd: repo.dir });
      await new Promise((resolve) => setTimeout(resolve, wait));
      going.child.kill('SIGKILL');
      await going.ended;
      expect(await problemsOf(repo.dir)).toEqual([]);
    }
    expect((await promote(repo)).code).toBe(0);
    expect(titles(repo)).toEqual(['a to 5', 'b to 5', 'park c at 4']);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('is found out by verify where a promotion holds what nobody approved', async () => {
    const repo = await playNight();
    await approve(repo, '1');
    await promote(repo, '--no-audit');
    const ref = 'refs/autoresearch/night/ledger';
    const forged = JSON.stringify({ ...lastRecord(repo), changes: lastRecord(repo).changes.map((one) => ({ ...one, experiment: 2 })) });
    repo.write('forged.json', forged);
    repo.write('empty', '');
    const blob = (file: string) => repo.git('hash-object', '-w', file).trim();
    repo.git('update-index', '--add', '--cacheinfo', `100644,${blob('forged.json')},record.json`);
    repo.git('update-index', '--add', '--cacheinfo', `100644,${blob('empty')},log.txt`);
    const files = repo
      .git('ls-files')
      .trim()
      .split('\n')
      .filter((file) => !/^(record\.json|log\.txt)$/.test(file));
    repo.git('rm', '-q', '--cached', ...files);
    const commit = repo.git('commit-tree', repo.git('write-tree').trim(), '-p', `${ref}^`, '-p', 'better', '-m', 'promotion').trim();
    repo.git('update-ref', ref, commit);
    expect((await problemsOf(repo.dir)).join('\n')).toContain('promotion to better: #2 was not approved when it was promoted');
  });

  it('writes its text to a file and the record as JSON', async () => {
    const repo = await playNight();
    await approve(repo, '1');
    const { stdout } = await promote(repo, '--no-audit', '--out', 'out/pr.md', '--json');
    expect(JSON.parse(stdout)).toEqual(lastRecord(repo));
    expect(readFileSync(join(repo.dir, 'out/pr.md'), 'utf8')).toMatch(
      /^# 1 approved change of the run night for loss\n\n\*\*Not audited\*\*/,
    );
  });
});
