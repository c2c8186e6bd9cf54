import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RefUpdates } from '../../src/git/ref-updates.ts';
import { openRepository } from '../../src/git/repository.ts';
import { makeRepo, type TestRepo } from '../helpers/repo.ts';

const REF = 'refs/autoresearch/night/ledger';

/** Three commits, the first of which REF is at, as a packed ref. */
function makePacked(): { repo: TestRepo; commits: [string, string, string]; packed: string } {
  const repo = makeRepo({ 'a.txt': 'a\n' });
  const commit = (text: string) => repo.git('commit-tree', '-m', text, 'HEAD^{tree}').trim();
  const commits: [string, string, string] = [commit('one'), commit('two'), commit('three')];
  repo.git('update-ref', REF, commits[0]);
  repo.git('pack-refs', '--all');
  return { repo, commits, packed: join(repo.dir, '.git/packed-refs') };
}

/**
 * Git takes packed refs for unchanged that another git has packed again within the same second, at the same size, into the
 * same inode. Both writes are to fall into one second, so the first is made at its beginning; null where that did not come about.
 */
async function updateBehindItsBack(): Promise<{ now: string; expected: string } | null> {
  for (let tries = 0; tries < 20; tries++) {
    const { repo, commits, packed } = makePacked();
    const [one, two, three] = commits;
    const updates = new RefUpdates((await openRepository(repo.dir)).git);
    await sleep(1000 - (Date.now() % 1000));
    writeFileSync(packed, readFileSync(packed));
    // The process reads the packed refs, and keeps what it has read.
    await updates.update([{ ref: REF, to: one, from: one }]);
    const before = statSync(packed);
    writeFileSync(packed, readFileSync(packed, 'utf8').replace(`${one} ${REF}`, `${two} ${REF}`));
    const after = statSync(packed);
    const isUnseen = Math.floor(before.ctimeMs / 1000) === Math.floor(after.ctimeMs / 1000) && before.ino === after.ino;
    if (!isUnseen) {
      updates.end();
      continue;
    }
    await updates.update([{ ref: REF, to: three, from: two }]).finally(() => updates.end());
    return { now: repo.git('rev-parse', REF).trim(), expected: three };
  }
  return null;
}

it('a ref that another git has packed meanwhile is moved from where it is now', async ({ skip }) => {
  const moved = await updateBehindItsBack();
  if (moved === null) return skip('this machine never came to both writes within one second');
  expect(moved.now).toBe(moved.expected);
});

it('a ref that somebody else has moved is not moved', async () => {
  const { repo, commits } = makePacked();
  const [one, two, three] = commits;
  const updates = new RefUpdates((await openRepository(repo.dir)).git);
  repo.git('update-ref', REF, two);
  await expect(updates.update([{ ref: REF, to: three, from: one }])).rejects.toThrow(/but expected/);
  updates.end();
  expect(repo.git('rev-parse', REF).trim()).toBe(two);
});
