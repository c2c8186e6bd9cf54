import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
 * same inode. Tried until both writes fall into one second.
 */
async function updateBehindItsBack(): Promise<{ now: string; expected: string }> {
  for (;;) {
    const { repo, commits, packed } = makePacked();
    const [one, two, three] = commits;
    const updates = new RefUpdates((await openRepository(repo.dir)).git);
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
}

it('a ref that another git has packed meanwhile is moved from where it is now', async () => {
  const { now, expected } = await updateBehindItsBack();
  expect(now).toBe(expected);
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
