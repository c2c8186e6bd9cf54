import { createHash } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { SettledExperiment } from '../../src/experiment.ts';
import { makeProject, problemsOf, run, set, stepsAgent } from '../helpers/project.ts';
import { gitEnv, type TestRepo } from '../helpers/repo.ts';
import { execFileSync } from 'node:child_process';

const LEDGER = 'refs/autoresearch/night/ledger';

async function makeRun(): Promise<TestRepo> {
  const repo = makeProject({ agent: stepsAgent([set(0.5), set(0.7), set(0.25)]) });
  await run(repo.dir);
  return repo;
}

/** A ledger commit as its parts. Entries count from the opening record, 0. */
function entry({ git }: TestRepo, index: number) {
  const commits = git('rev-list', '--first-parent', '--reverse', LEDGER).trim().split('\n');
  const commit = commits[index] ?? '';
  const [, ...parents] = git('rev-list', '--parents', '-1', commit).trim().split(' ');
  return {
    commits,
    commit,
    parents,
    message: git('log', '-1', '--format=%B', commit).trimEnd(),
    record: git('show', `${commit}:record.json`),
  };
}

/** Writes the ledger anew from one entry on: what somebody would do who wants another past. */
function rewriteFrom(
  repo: TestRepo,
  index: number,
  edit: (parts: { record: string; message: string }) => { record: string; message: string },
  drop = false,
): void {
  const { commits } = entry(repo, 0);
  const pipe = (args: string[], input: string) =>
    execFileSync('git', args, { cwd: repo.dir, env: gitEnv(), input, encoding: 'utf8' }).trim();
  let parent = commits[index - 1] ?? '';
  for (let at = drop ? index + 1 : index; at < commits.length; at++) {
    const { record, message, parents } = entry(repo, at);
    const text = at === index ? edit({ record, message }) : { record, message };
    const tree = pipe(
      ['mktree'],
      `100644 blob ${pipe(['hash-object', '-w', '--stdin'], text.record)}\trecord.json\n100644 blob ${pipe(['hash-object', '-w', '--stdin'], '')}\tlog.txt\n`,
    );
    parent = pipe(['commit-tree', tree, '-p', parent, ...parents.slice(1).flatMap((id) => ['-p', id])], text.message);
  }
  repo.git('update-ref', LEDGER, parent);
}

describe('verify', () => {
  it('finds nothing in a run that was left alone', async () => {
    const repo = await makeRun();
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('finds a record that was rewritten', async () => {
    const repo = await makeRun();
    rewriteFrom(repo, 2, ({ record, message }) => {
      const experiment = JSON.parse(record) as SettledExperiment;
      return { record: JSON.stringify({ ...experiment, score: { ...experiment.score, value: 0.1 } }), message };
    });
    expect((await problemsOf(repo.dir)).join('\n')).toContain('#1: the summary in its message differs from its record');
  });

  it('finds a summary that was changed', async () => {
    const repo = await makeRun();
    rewriteFrom(repo, 3, ({ record, message }) => ({ record, message: message.replace('"verdict":"discard"', '"verdict":"keep"') }));
    expect((await problemsOf(repo.dir)).join('\n')).toContain('#2: the summary in its message differs from its record');
  });

  it('finds an entry that was dropped', async () => {
    const repo = await makeRun();
    rewriteFrom(repo, 3, (parts) => parts, true);
    expect((await problemsOf(repo.dir)).join('\n')).toContain('#2 is missing, and no session says that its number was not used');
  });

  it('finds a keep that was dropped from the end, by the branch', async () => {
    const repo = await makeRun();
    repo.git('update-ref', LEDGER, entry(repo, 3).commit);
    expect((await problemsOf(repo.dir)).join('\n')).toMatch(/branch autoresearch\/night is at \w+, the last keep #1/);
  });

  it('finds a branch that was moved', async () => {
    const repo = await makeRun();
    repo.git('branch', '-f', 'autoresearch/night', 'main');
    expect((await problemsOf(repo.dir)).join('\n')).toContain('branch autoresearch/night is at');
  });

  it('finds a candidate that was put in the place of another', async () => {
    const repo = await makeRun();
    const other = repo.git('commit-tree', '-m', 'other', 'main^{tree}').trim();
    rewriteFrom(repo, 2, ({ record, message }) => {
      const { candidate } = JSON.parse(record) as SettledExperiment;
      return { record: record.replaceAll(candidate ?? '', other), message: message.replaceAll(candidate ?? '', other) };
    });
    const problems = (await problemsOf(repo.dir)).join('\n');
    expect(problems).toContain('#1: its parents are');
    expect(problems).toContain("#1: its candidate's parent is");
  });

  it('finds a record replaced by git replace', async () => {
    const repo = await makeRun();
    const { commit, record } = entry(repo, 2);
    const blob = repo.git('rev-parse', `${commit}:record.json`).trim();
    repo.write('forged.json', record.replace('"value": 0.5', '"value": 0.1'));
    const forged = repo.git('hash-object', '-w', 'forged.json').trim();
    repo.git('replace', blob, forged);
    expect(repo.git('show', `${commit}:record.json`)).toContain('"value": 0.1');
    // A replacement is not part of the ledger, so it is not followed.
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it.each(['record.json', 'log.txt'])('finds bytes of %s that were changed on the disk', async (file) => {
    const repo = await makeRun();
    const { commit } = entry(repo, 2);
    const id = repo.git('rev-parse', `${commit}:${file}`).trim();
    const text = repo.git('cat-file', 'blob', id).replace('0.5', '0.1');
    const object = join(repo.dir, '.git/objects', id.slice(0, 2), id.slice(2));
    chmodSync(object, 0o644);
    writeFileSync(object, deflateSync(`blob ${Buffer.byteLength(text)}\0${text}`));
    expect(
      createHash('sha1')
        .update(`blob ${Buffer.byteLength(text)}\0${text}`)
        .digest('hex'),
    ).not.toBe(id);
    expect(await problemsOf(repo.dir)).not.toEqual([]);
  });

  it('finds a candidate whose files are gone', async () => {
    const repo = await makeRun();
    const { record } = entry(repo, 3);
    const { candidate } = JSON.parse(record) as SettledExperiment;
    const blob = repo.git('rev-parse', `${candidate}:value.txt`).trim();
    execFileSync('rm', ['-f', join(repo.dir, '.git/objects', blob.slice(0, 2), blob.slice(2))]);
    expect((await problemsOf(repo.dir)).join('\n')).toContain('fsck');
  });
});
