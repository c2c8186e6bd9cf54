import { describe, expect, it } from 'vitest';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { findRun, listRuns } from '../../src/ledger/find-run.ts';
import { makeRepo } from '../helpers/repo.ts';

interface Entry {
  readonly run: string;
  readonly second: number;
  readonly record: string;
}

/** Ledgers of one commit each, made by hand: what is written into a record, and in which second git says that it was. */
async function withLedgers(entries: readonly Entry[]): Promise<Repository['git']> {
  const repo = makeRepo({ 'a.txt': 'a' });
  const { git } = await openRepository(repo.dir);
  for (const { run, second, record } of entries) {
    const blob = (await git.run(['hash-object', '-w', '--stdin'], { input: record })).trim();
    const tree = (await git.run(['mktree'], { input: `100644 blob ${blob}\trecord.json\n` })).trim();
    const date = `${second} +0000`;
    const env = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    const commit = (await git.run(['commit-tree', tree, '-m', 'stopped'], { env })).trim();
    await git.run(['update-ref', `refs/autoresearch/${run}/ledger`, commit]);
  }
  return git;
}

const stoppedAt = (at: string) => JSON.stringify({ v: 1, kind: 'stopped', at });
const settledAt = (at: string) => JSON.stringify({ v: 1, id: 3, settledAt: at });

describe('the runs of a repository', () => {
  it('come in the order of their last records, also where git dates them alike', async () => {
    const second = 1_800_000_000;
    const git = await withLedgers([
      { run: 'a-last', second, record: stoppedAt('2027-01-15T08:00:00.900Z') },
      { run: 'b-first', second, record: settledAt('2027-01-15T08:00:00.100Z') },
      { run: 'c-middle', second, record: settledAt('2027-01-15T08:00:00.500Z') },
      { run: 'd-older', second: second - 1, record: stoppedAt('2027-01-15T08:00:00.950Z') },
      { run: 'e-newer', second: second + 1, record: stoppedAt('2027-01-15T07:00:00.000Z') },
    ]);
    expect(await listRuns(git)).toEqual(['e-newer', 'a-last', 'c-middle', 'b-first', 'd-older']);
    expect(await findRun(git, undefined)).toBe('e-newer');
    expect(await findRun(git, 'c-middle')).toBe('c-middle');
  });

  it('are all there where a record cannot be read', async () => {
    const second = 1_800_000_000;
    const git = await withLedgers([
      { run: 'a-torn', second, record: '{"v": 1, "kind"' },
      { run: 'b-whole', second, record: stoppedAt('2027-01-15T08:00:00.500Z') },
    ]);
    expect(await listRuns(git)).toEqual(['b-whole', 'a-torn']);
  });
});
