import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { cloneRepository, fetchRefs, listRefs, pushRefs, swapRef, type RemotePlace } from '../../src/git/remote/refs.ts';
import { makeFolder, makeRepo, openTestRepo, type TestRepo } from '../helpers/repo.ts';

const NODES = 'refs/autoresearch/night/nodes/';

let bare: TestRepo;
let repo: TestRepo;
let place: RemotePlace;
const commitOf = (text: string) => {
  repo.write('a.txt', text);
  return repo.commit(text);
};
const there = (ref: string) => bare.git('for-each-ref', '--format=%(objectname)', ref).trim();
const code = (action: Promise<unknown>) =>
  action.then(
    () => 'none',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );

beforeEach(() => {
  bare = openTestRepo(makeFolder());
  bare.git('init', '-q', '--bare');
  repo = makeRepo({ 'a.txt': 'start\n' });
  place = { dir: repo.dir, remote: `file://${bare.dir}` };
});

describe('refs of a remote', () => {
  it('are pushed forwards, listed by their start, and fetched to other names', async () => {
    const [first, second] = [commitOf('1'), commitOf('2')];
    await pushRefs(place, new Map([[`${NODES}b2`, first]]));
    await pushRefs(place, new Map([[`${NODES}b2`, second], [`${NODES}c1`, first]])); // prettier-ignore
    bare.git('update-ref', 'refs/heads/other', bare.git('rev-parse', `${NODES}b2`).trim());
    expect([...(await listRefs(place, ['refs/autoresearch/night/']))]).toEqual([[`${NODES}b2`, second], [`${NODES}c1`, first]]); // prettier-ignore

    const clone = makeRepo({ 'b.txt': 'b\n' });
    await fetchRefs({ ...place, dir: clone.dir }, new Map([[`${NODES}b2`, 'refs/autoresearch/night/incoming/b2']]));
    expect(clone.git('for-each-ref', '--format=%(objectname) %(refname)').trim().split('\n')).toEqual([
      `${second} refs/autoresearch/night/incoming/b2`,
      expect.stringContaining('refs/heads/main'),
    ]);
  });

  it('are not pushed backwards', async () => {
    const [first, second] = [commitOf('1'), commitOf('2')];
    await pushRefs(place, new Map([[`${NODES}b2`, second]]));
    expect(await code(pushRefs(place, new Map([[`${NODES}b2`, first]])))).toBe('REMOTE_REFUSED');
    expect(there(`${NODES}b2`)).toBe(second);
  });

  it('are swapped by one of many who try at once', async () => {
    const ref = 'refs/autoresearch/night/claims/0';
    const commits = Array.from({ length: 6 }, (_, n) => commitOf(`claim ${n}`));
    const made = await Promise.all(commits.map((commit) => swapRef(place, ref, null, commit)));
    expect(made.filter(Boolean)).toHaveLength(1);
    const held = there(ref);
    expect(held).toBe(commits[made.indexOf(true)]);
    const moved = await Promise.all(commits.filter((commit) => commit !== held).map((commit) => swapRef(place, ref, held, commit)));
    expect(moved.filter(Boolean)).toHaveLength(1);
    expect(await swapRef(place, ref, held, held)).toBe(false);
  });

  it('need no hook of the person, and no ref of theirs goes along', async () => {
    repo.git('tag', '-a', '-m', 'a tag', 'v1');
    repo.git('config', 'push.followTags', 'true');
    const hook = join(repo.dir, '.git/hooks/pre-push');
    writeFileSync(hook, '#!/bin/sh\nexit 1\n');
    chmodSync(hook, 0o755);
    await pushRefs(place, new Map([[`${NODES}b2`, repo.git('rev-parse', 'HEAD').trim()]]));
    expect(bare.git('for-each-ref', '--format=%(refname)').trim()).toBe(`${NODES}b2`);
  });
});

describe('a remote that does not do it', () => {
  it('is told from one that refuses, and from an address that is none', async () => {
    const commit = commitOf('1');
    bare.git('config', 'receive.hideRefs', 'refs/autoresearch');
    const refs = new Map([[`${NODES}b2`, commit]]);
    expect(await code(pushRefs(place, refs))).toBe('REMOTE_REFUSED');
    expect(await code(swapRef(place, `${NODES}b2`, null, commit))).toBe('REMOTE_REFUSED');
    expect(await code(pushRefs({ ...place, remote: join(bare.dir, 'nowhere') }, refs))).toBe('REMOTE_UNREACHABLE');
    expect(await code(listRefs({ ...place, remote: 'http://127.0.0.1:1/r.git' }, ['refs/']))).toBe('REMOTE_UNREACHABLE');
    expect(await code(listRefs({ ...place, remote: '--upload-pack=touch /tmp/x' }, ['refs/']))).toBe('REMOTE_UNREACHABLE');
    expect(await code(fetchRefs(place, new Map([[`${NODES}nobody`, 'refs/autoresearch/night/incoming/nobody']])))).toBe(
      'REMOTE_UNREACHABLE',
    );
  });

  it('is not told about with the password of its address', async () => {
    const error = await listRefs({ ...place, remote: 'http://me:s3cret@127.0.0.1:1/r.git' }, ['refs/']).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('127.0.0.1:1');
    expect(String(error)).not.toContain('s3cret');
  });

  it('is given up when it says nothing', async () => {
    const slow = { ...place, remote: 'ssh://nobody@127.0.0.1/r.git', quietMs: 300 };
    const before = process.env['GIT_SSH_COMMAND'];
    process.env['GIT_SSH_COMMAND'] = 'sleep 60 #';
    try {
      expect(await code(listRefs(slow, ['refs/']))).toBe('REMOTE_UNREACHABLE');
    } finally {
      if (before === undefined) delete process.env['GIT_SSH_COMMAND'];
      else process.env['GIT_SSH_COMMAND'] = before;
    }
  });
});

it('a remote is asked to tell what it is at, so that one that packs for long does not pass for one that is gone', async () => {
  await pushRefs(place, new Map([[`${NODES}b2`, commitOf('1')]]));
  const folder = makeFolder();
  const hook = join(folder, 'pack');
  writeFileSync(hook, `#!/bin/sh\necho "$@" > ${join(folder, 'asked')}\nexec "$@"\n`);
  chmodSync(hook, 0o755);
  writeFileSync(join(folder, 'config'), `[uploadpack]\n\tpackObjectsHook = ${hook}\n`);
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'config'));
  try {
    const clone = makeRepo({ 'b.txt': 'b\n' });
    await fetchRefs({ ...place, dir: clone.dir }, new Map([[`${NODES}b2`, `${NODES}b2`]]));
  } finally {
    vi.unstubAllEnvs();
  }
  expect(readFileSync(join(folder, 'asked'), 'utf8').split(' ')).toContain('--progress');
});

it('a clone is told of while it is made, and checks nothing out', async () => {
  await pushRefs(place, new Map([['refs/heads/main', commitOf('1')]]));
  const dir = join(makeFolder(), 'clone');
  await cloneRepository(place.remote, dir, repo.dir, {});
  const clone = openTestRepo(dir);
  expect(clone.git('rev-parse', 'refs/remotes/origin/main').trim()).toBe(there('refs/heads/main'));
  expect(clone.git('ls-files').trim()).toBe('');
});
