import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { pendingDecisions, putDecision } from '../../src/decisions/queue.ts';
import { openRepository } from '../../src/git/repository.ts';
import { readRun } from '../../src/ledger/read.ts';
import type { RunDecision } from '../../src/plugin.ts';
import { enqueueDecision } from '../../src/review/submit.ts';
import { probe } from '../../src/sandbox/probe.ts';
import { eventsOf, ofType } from '../helpers/events.ts';
import { experimentsOf, problemsOf, resume, run, verdicts } from '../helpers/project.ts';
import { makeFolder, type TestRepo } from '../helpers/repo.ts';
import { change, makeNight, playNight } from '../helpers/review.ts';
import { runCli, startCli } from '../helpers/run-cli.ts';

const by = { name: 'Ada', email: null };
const approve = (experiment: number, note = 'good'): RunDecision => ({ kind: 'review', experiment, decision: 'approve', note, by });
const runDirOf = (repo: TestRepo) => join(repo.dir, '.autoresearch/night');
const cli = (repo: TestRepo, ...args: string[]) => runCli(args, { cwd: repo.dir });

/** The subjects of the ledger, oldest first. */
const subjects = (repo: TestRepo) =>
  repo.git('log', '--reverse', '--first-parent', '--format=%s', 'refs/autoresearch/night/ledger').trim().split('\n');
const verdictsIn = (repo: TestRepo) => subjects(repo).map((subject) => /^#\d+/.exec(subject)?.[0] ?? subject);

/** A run whose second experiment waits for the file `go`. */
const waiting = () =>
  makeNight([
    change('a', 5),
    change('b', 5, { bash: `while [ ! -e "$PROJECT/go" ]; do sleep 0.05; done; printf 'x\\n5\\nx\\n' > lib/b.txt` }),
    change('c', 5),
  ]);
const go = (repo: TestRepo) => writeFileSync(join(repo.dir, 'go'), '');
const until = (what: string, isSo: () => boolean | Promise<boolean>) => expect.poll(isSo, { message: what }).toBe(true);
const hasKept = (repo: TestRepo, id: number) =>
  until(`#${id}`, () => repo.git('log', '--format=%s', '--glob=refs/autoresearch/night/*').includes(`#${id} keep`));

describe('decisions while a process works on the run', () => {
  it('are taken up between two experiments, and recorded as without it', async () => {
    const repo = waiting();
    const going = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    await hasKept(repo, 1);
    const queued = await cli(repo, 'review', 'night', '--approve', '1', '--note', 'good', '--as', 'Ada');
    expect([queued.code, queued.stdout]).toEqual([0, expect.stringContaining('#1 approve: queued')]);
    expect((await cli(repo, 'review', 'night', '--approve', '7', '--as', 'Ada')).stderr).toContain('EXPERIMENT_NOT_FOUND');
    expect(pendingDecisions(runDirOf(repo))).toMatchObject([{ decision: approve(1) }]);
    go(repo);
    expect((await going.ended).code).toBe(0);
    expect(pendingDecisions(runDirOf(repo))).toEqual([]);
    expect(verdictsIn(repo)).toEqual([
      'opened night',
      '#0',
      '#1',
      '#2',
      'review: #1 approved by Ada: good',
      '#3',
      expect.stringContaining('stopped'),
    ]);
    expect(ofType(await eventsOf(repo.dir), 'decision')).toMatchObject([{ decision: approve(1) }]);
    // The same decision on a run that nobody works on is the same record, but for its name in the queue.
    await enqueueDecision({ cwd: repo.dir, run: 'night' }, approve(1));
    const { git } = await openRepository(repo.dir);
    const reviews = (await readRun(git, 'night')).sessions.filter(({ kind }) => kind === 'review');
    const { id: _id, at: _at, ...first } = reviews[0] as unknown as Record<string, unknown>;
    expect(reviews[1]).toEqual({ ...first, at: expect.any(String) as unknown });
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('pause it, let it go on, and stop it', async () => {
    const repo = waiting();
    const going = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    await hasKept(repo, 1);
    expect((await cli(repo, 'pause', 'night', '--note', 'lunch', '--as', 'Ada')).stdout).toContain('pauses once');
    go(repo);
    await until('the pause', () => subjects(repo).includes('pause by Ada: lunch'));
    expect((await cli(repo, 'status')).stdout).toContain('paused by Ada');
    // A review is taken up in a pause, too.
    await cli(repo, 'review', 'night', '--reject', '2', '--as', 'Ada');
    await until('the review', () => subjects(repo).includes('review: #2 rejected by Ada'));
    expect(subjects(repo).some((subject) => subject.startsWith('#3'))).toBe(false);
    await cli(repo, 'stop', 'night', '--as', 'Ada');
    expect((await going.ended).code).toBe(0);
    expect(subjects(repo).slice(-2)).toEqual(['stop by Ada', 'stopped: stopped by Ada']);
    expect(ofType(await eventsOf(repo.dir), 'run-paused')).toMatchObject([{ by, note: 'lunch' }]);
    const again = await resume(repo.dir);
    expect(verdicts(again.experiments).at(-1)).toBe('#3 keep IMPROVED');
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('are taken up from the moment at which the run is in the ledger', async () => {
    const repo = makeNight([change('a', 5)]);
    let asked: unknown;
    const onOpened = async ({ run: name }: { readonly run: string }) => {
      asked = await enqueueDecision({ cwd: repo.dir, run: name }, { kind: 'stop', note: 'enough', by });
    };
    const { end } = await run(repo.dir, { name: 'night', onOpened });
    expect(asked).toMatchObject({ state: 'queued' });
    expect(end.reason).toEqual({ code: 'STOPPED', text: 'stopped by Ada: enough' });
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('resume of the command line lets a paused run go on in its own process', async () => {
    const repo = waiting();
    const going = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    await hasKept(repo, 1);
    await cli(repo, 'pause', '--as', 'Ada');
    go(repo);
    await until('the pause', () => subjects(repo).includes('pause by Ada'));
    const resumed = await runCli(['resume'], {
      cwd: repo.dir,
      env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Ada' },
    });
    expect([resumed.code, resumed.stdout]).toEqual([0, expect.stringContaining('goes on')]);
    expect((await going.ended).code).toBe(0);
    expect(verdictsIn(repo).filter((subject) => subject.startsWith('#'))).toEqual(['#0', '#1', '#2', '#3']);
  });
});

it('decisions wait in the order in which they were made, whatever the clock of the machine says', async () => {
  const folder = makeFolder();
  const texts = ['first', 'second', 'third', 'fourth', 'fifth'];
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  for (const [index, text] of texts.entries()) {
    // The same moment again, then an hour earlier each time.
    vi.setSystemTime(Date.parse('2026-01-01T12:00:00Z') - 3_600_000 * Math.max(0, index - 2));
    putDecision(folder, { kind: 'steer', text, by });
  }
  expect(pendingDecisions(folder).map(({ decision }) => 'text' in decision && decision.text)).toEqual(texts);
});

describe('exactly once', () => {
  it('a kill between the ledger and the queue records nothing twice', async () => {
    const repo = await playNight();
    const { id, at, decision } = putDecision(runDirOf(repo), approve(1));
    const file = join(runDirOf(repo), 'decisions', `${id}.json`);
    const text = readFileSync(file, 'utf8');
    await enqueueDecision({ cwd: repo.dir, run: 'night' }, approve(2));
    expect(existsSync(file)).toBe(false);
    // As a kill leaves it: in the ledger, and still in the queue.
    writeFileSync(file, text);
    expect(pendingDecisions(runDirOf(repo))).toEqual([{ id, at, decision }]);
    await enqueueDecision({ cwd: repo.dir, run: 'night' }, approve(4));
    writeFileSync(file, text);
    await resume(repo.dir);
    expect(existsSync(file)).toBe(false);
    const reviews = subjects(repo).filter((subject) => subject.startsWith('review'));
    expect(reviews.map((subject) => subject.slice(0, 10))).toEqual(['review: #1', 'review: #2', 'review: #4']);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('a decision queued while the process is killed is taken up later', async () => {
    const repo = waiting();
    const going = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    await hasKept(repo, 1);
    await cli(repo, 'review', '--approve', '1', '--as', 'Ada');
    await cli(repo, 'stop', '--as', 'Ada');
    process.kill(going.pid, 'SIGKILL');
    await going.ended;
    go(repo);
    const { end, messages } = await resume(repo.dir);
    // To stop was asked of the session that was killed: whoever resumes wants it to run.
    expect(end.reason.code).toBe('NOTHING_LEFT');
    expect(messages.join('\n')).toContain('SUPERSEDED');
    expect(subjects(repo).filter((subject) => subject.startsWith('review'))).toEqual(['review: #1 approved by Ada']);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('a run that nobody works on cannot be paused or stopped', async () => {
    const repo = await playNight([change('a', 5)]);
    for (const command of ['pause', 'stop']) {
      expect(await cli(repo, command, '--as', 'Ada')).toMatchObject({
        code: 3,
        stderr: expect.stringContaining('RUN_NOT_RUNNING') as unknown,
      });
    }
    expect(pendingDecisions(runDirOf(repo))).toEqual([]);
  });
});

describe('files that are no decisions', () => {
  const forged = (id: string, decision: unknown) => `${JSON.stringify({ v: 1, id, at: new Date().toISOString(), decision })}\n`;
  const ATTACKS: Readonly<Record<string, (folder: string, repo: TestRepo) => void>> = {
    'an approval without a signature': (folder) => writeFileSync(join(folder, 'a.json'), forged('a', approve(1))),
    'one signed with another key': (folder) => {
      const other = join(folder, '../other');
      mkdirSync(other);
      const { id } = putDecision(other, approve(1));
      writeFileSync(join(folder, 'a.json'), readFileSync(join(other, 'decisions', `${id}.json`)));
    },
    'a signed one under another name': (folder, repo) => {
      const { id } = putDecision(runDirOf(repo), { kind: 'steer', text: 'x', by });
      writeFileSync(join(folder, 'a.json'), readFileSync(join(folder, `${id}.json`)));
    },
    'half a file': (folder) => writeFileSync(join(folder, 'a.json'), forged('a', approve(1)).slice(0, 40)),
    'a link': (folder) => symlinkSync('/etc/passwd', join(folder, 'a.json')),
    'a folder': (folder) => mkdirSync(join(folder, 'a.json')),
    'a large file': (folder) => writeFileSync(join(folder, 'a.json'), 'x'.repeat(1024 * 1024)),
    'a review of what was discarded': (_folder, repo) => void putDecision(runDirOf(repo), approve(3)),
    'a signed one with a field of another kind': (_folder, repo) =>
      void putDecision(runDirOf(repo), { ...approve(1), experiment: '1' } as never),
  };

  it.each(Object.keys(ATTACKS))('%s is refused with a warning, and the run goes on', async (name) => {
    const repo = await playNight();
    const folder = join(runDirOf(repo), 'decisions');
    mkdirSync(folder, { recursive: true });
    putDecision(runDirOf(repo), approve(2));
    ATTACKS[name]?.(folder, repo);
    const { messages } = await resume(repo.dir);
    expect(messages.filter((message) => message.includes('is refused'))).toHaveLength(1);
    expect(subjects(repo).filter((subject) => subject.startsWith('review'))).toEqual(['review: #2 approved by Ada: good']);
    expect(readdirSync(folder).filter((file) => file.endsWith('.refused'))).toHaveLength(1);
    // It is not said again.
    expect((await resume(repo.dir)).messages.join('\n')).not.toContain('is refused');
  });
});

const { layer } = await probe('auto');

it.runIf(layer === 'bwrap')('a candidate in a sandbox can neither see the queue nor write to it', async () => {
  const steal = 'd=../../decisions; mkdir -p $d; echo "{}" > $d/x.json; ls .. ../.. $d; cat ../../decisions.key';
  const trainer = { use: 'command', with: { run: ['sh', '-c', `${steal}; sh train.sh`] }, timeout: '20s' };
  const repo = makeNight([change('a', 5)], { trainer });
  const { id } = putDecision(runDirOf(repo), { kind: 'steer', text: 'a hint that only the agent reads', by });
  const { experiments } = await run(repo.dir);
  expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
  expect(readdirSync(join(runDirOf(repo), 'decisions')).every((name) => name !== 'x.json')).toBe(true);
  const log = repo.git('show', 'refs/autoresearch/night/ledger~1:log.txt');
  expect(log).toContain('No such file');
  expect(log).not.toContain(id);
  expect(await experimentsOf(repo.dir)).toHaveLength(2);
});
