import { readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openGit } from '../../src/git/git.ts';
import type { Service } from '../../src/git/service.ts';
import { findMarked } from '../../src/process/table.ts';
import { makeRepo } from '../helpers/repo.ts';

const line = (out: Buffer) => out.indexOf(10) + 1 || -1;
/** Processes of git that work in a folder. */
const ids = (cwd: string) =>
  findMarked('AUTORESEARCH_GIT=').filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === cwd;
    } catch {
      return false;
    }
  });

function open(): { service: Service; dir: string; commit: string } {
  const repo = makeRepo({ 'a.txt': 'a\n' });
  return { service: openGit(repo.dir).serve(['cat-file', '--batch-check']), dir: repo.dir, commit: repo.git('rev-parse', 'HEAD').trim() };
}

it('one process answers many requests, each its own, and ends when it is told to', async () => {
  const { service, dir, commit } = open();
  const asked = ['HEAD', 'HEAD:a.txt', 'nothing'].map((name) => service.ask(`${name}\n`, line));
  const answers = (await Promise.all(asked)).map((answer) => answer.toString());
  expect(answers).toEqual([
    expect.stringContaining(`${commit} commit`),
    expect.stringMatching(/^[0-9a-f]{40} blob 2\n$/),
    'nothing missing\n',
  ]);
  expect(ids(dir)).toHaveLength(1);
  service.end();
  await expect.poll(() => ids(dir)).toEqual([]);
});

it('one that is killed while it is asked says so, and the next request has a new one', async () => {
  const { service, dir } = open();
  await service.ask('HEAD\n', line);
  // An answer that never comes.
  const asked = service.ask('HEAD\n', () => -1).catch((error: unknown) => error);
  await sleep(10);
  for (const pid of ids(dir)) process.kill(pid, 'SIGKILL');
  expect(await asked).toMatchObject({ code: 'GIT_FAILED', message: expect.stringContaining('git cat-file was ended by SIGKILL') });
  expect((await service.ask('HEAD:a.txt\n', line)).toString()).toContain('blob 2');
  service.end();
});

it('one that is killed while nothing is asked is not missed', async () => {
  const { service, dir } = open();
  await service.ask('HEAD\n', line);
  for (const pid of ids(dir)) process.kill(pid, 'SIGKILL');
  await expect.poll(() => ids(dir)).toEqual([]);
  await sleep(50);
  expect((await service.ask('HEAD:a.txt\n', line)).toString()).toContain('blob 2');
  service.end();
});

it('one that git refuses fails with what git says', async () => {
  const { dir } = open();
  const service = openGit(dir).serve(['update-ref', '--stdin']);
  await expect(service.ask('nonsense\n', line)).rejects.toMatchObject({
    code: 'GIT_FAILED',
    message: expect.stringContaining('unknown command'),
  });
});
