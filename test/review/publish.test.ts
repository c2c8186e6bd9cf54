import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, makeRepo, openTestRepo, type TestRepo } from '../helpers/repo.ts';
import { playNight } from '../helpers/review.ts';
import { runCli } from '../helpers/run-cli.ts';

let repo: TestRepo;
let bare: TestRepo;
let bin: string;

/** A program like gh that remembers the pull request it has opened, and every call. */
const GH = (folder: string) => `#!/bin/sh
echo "$@" >> ${folder}/calls
case "$1 $2" in
  'pr view') [ -f ${folder}/opened ] && cat ${folder}/opened || { echo 'no pull requests found' >&2; exit 1; } ;;
  'pr create') [ -f ${folder}/refuses ] && { echo 'HTTP 401: Bad credentials' >&2; exit 1; }
    cp "$8" ${folder}/body; echo https://github.example/pull/7 | tee ${folder}/opened ;;
  'pr edit') cp "$7" ${folder}/body; cat ${folder}/opened ;;
esac
`;

beforeEach(async () => {
  repo = await playNight();
  bare = openTestRepo(makeFolder());
  bare.git('init', '-q', '--bare');
  repo.git('remote', 'add', 'origin', bare.dir);
  bin = makeFolder();
  await cli('review', '--approve', '1', '--as', 'Ada');
});

const cli = (...args: string[]) =>
  runCli(args, { cwd: repo.dir, env: { NO_COLOR: '1', PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, GIT_TERMINAL_PROMPT: '0' } });
const promote = (...args: string[]) => cli('promote', '--branch', 'better', '--no-audit', '--as', 'Ada', ...args);
const remoteTip = () => bare.git('for-each-ref', '--format=%(objectname)', 'refs/heads/better').trim();
const localTip = () => repo.git('rev-parse', 'better').trim();
function installGh(): void {
  writeFileSync(join(bin, 'gh'), GH(bin));
  chmodSync(join(bin, 'gh'), 0o755);
}

describe('promote --push', () => {
  it('pushes the branch and nothing else', async () => {
    const { code, stderr } = await promote('--push');
    expect([code, stderr]).toEqual([0, expect.stringContaining('pushed better to origin')]);
    expect(bare.git('for-each-ref', '--format=%(refname)').trim()).toBe('refs/heads/better');
    expect(remoteTip()).toBe(localTip());
  });

  it('moves a branch that an earlier promotion has pushed, and no other', async () => {
    await promote('--push');
    const before = remoteTip();
    await cli('review', '--approve', '2', '--as', 'Ada');
    await cli('review', '--reject', '1', '--as', 'Ada');
    expect((await promote('--push', 'origin')).code).toBe(0);
    expect(remoteTip()).toBe(localTip());
    expect(remoteTip()).not.toBe(before);

    // Somebody works on it over there.
    const theirs = makeRepo({ 'a.txt': 'theirs' });
    theirs.git('push', '-q', '-f', bare.dir, 'main:better');
    const their = remoteTip();
    await cli('review', '--approve', '1', '--as', 'Ada');
    const { code, stderr } = await promote('--push');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/PUSH_FAILED better was not pushed to origin: .*rejected/)]);
    expect(remoteTip()).toBe(their);
  });

  it('does not push what the audit does not confirm', async () => {
    // On this base, what made the loss smaller makes it larger.
    const body = repo.read('train.sh').replace('{ print s }', '{ print 100 - s }');
    repo.write('train.sh', body);
    repo.commit('Turn the loss around');
    const { code, stderr } = await cli('promote', '--branch', 'better', '--trials', '2', '--onto', 'main', '--push', '--as', 'Ada');
    expect([code, stderr]).toEqual([1, expect.stringContaining('is not pushed, because the audit did not confirm it')]);
    expect(remoteTip()).toBe('');
    expect(localTip()).not.toBe('');
  });

  it('says before anything is built that there is no such remote', async () => {
    const { code, stderr } = await promote('--push', 'upstream');
    expect([code, stderr]).toEqual([1, expect.stringContaining('PUSH_FAILED there is no remote upstream: there are origin')]);
    expect(repo.git('branch', '--list', 'better')).toBe('');
  });

  it('shows no login of the address', async () => {
    repo.git('remote', 'set-url', 'origin', 'https://me:s3cret@127.0.0.1:1/repo.git');
    const { code, stderr } = await promote('--push');
    expect(code).toBe(1);
    expect(stderr).toContain('PUSH_FAILED');
    expect(stderr).not.toContain('s3cret');
  });
});

describe('promote --pull-request', () => {
  it('opens one with the evidence as its text, and brings it up to date', async () => {
    installGh();
    const { code, stderr } = await promote('--pull-request');
    expect([code, stderr]).toEqual([0, expect.stringContaining('pull request: https://github.example/pull/7')]);
    expect(remoteTip()).toBe(localTip());
    expect(readFileSync(join(bin, 'calls'), 'utf8')).toContain(
      'pr create --head better --title 1 approved change of the run night for loss --body-file',
    );
    const first = readFileSync(join(bin, 'body'), 'utf8');
    expect(first).toContain('## Experiment 1');
    await cli('review', '--approve', '2', '--as', 'Ada');
    expect((await promote('--pull-request')).stderr).toContain('https://github.example/pull/7');
    expect(readFileSync(join(bin, 'calls'), 'utf8').match(/pr create/g)).toHaveLength(1);
    expect(readFileSync(join(bin, 'body'), 'utf8')).not.toBe(first);
  });

  it('says what the program says when it refuses; the branch is pushed all the same', async () => {
    installGh();
    writeFileSync(join(bin, 'refuses'), '');
    const { code, stderr } = await promote('--pull-request');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('PULL_REQUEST_FAILED gh did not open a pull request for better: HTTP 401: Bad credentials'),
    ]);
    expect(remoteTip()).toBe(localTip());
  });

  it('says before anything is built that no program can open one', async () => {
    repo.git('remote', 'set-url', 'origin', 'https://gitlab.example/a/b.git');
    const { code, stderr } = await promote('--pull-request');
    expect([code, stderr]).toEqual([1, expect.stringContaining('glab has to be installed')]);
    expect(existsSync(join(bin, 'calls'))).toBe(false);
    expect(repo.git('branch', '--list', 'better')).toBe('');
  });
});
