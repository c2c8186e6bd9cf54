import { expect, it } from 'vitest';
import { openRepository } from '../../src/git/repository.ts';
import { recordReader } from '../../src/ledger/record-reader.ts';
import { readRun } from '../../src/ledger/read.ts';
import { makeProject, resume, run, set, stepsAgent } from '../helpers/project.ts';

it('gives reporters whole records of a run that goes on, by its opening record', async () => {
  const repo = makeProject({ agent: stepsAgent([set(0.5), set(0.4), set(0.3)]), budget: { experiments: 1 } });
  const seen: { id: string | undefined; titles: readonly string[] }[] = [];
  const watch = {
    onAssembled: ({ hooks }: Parameters<NonNullable<NonNullable<Parameters<typeof run>[1]>['onAssembled']>>[0]) => {
      hooks.settled.tapPromise('watch', async (_experiment, view) => {
        const ids = view.history.map(({ id }) => id).toReversed();
        const records = (await view.ledger?.experiments([...ids, 99])) ?? [];
        seen.push({ id: view.ledger?.id, titles: records.map(({ id, settledAt }) => `${id} ${settledAt !== ''}`) });
      });
    },
  };
  await run(repo.dir, watch);
  await resume(repo.dir, { ...watch, budget: { experiments: 3 } });
  const { git } = await openRepository(repo.dir);
  const { sessionCommits } = await readRun(git, 'night');
  expect(new Set(seen.map(({ id }) => id))).toEqual(new Set([sessionCommits[0]]));
  expect(seen.at(-1)?.titles).toEqual(['3 true', '2 true', '1 true', '0 true']);
  expect(seen[0]?.titles).toEqual(['0 true']);
  const [one] = await recordReader(git, 'night', 'x').experiments([2]);
  expect(one).toMatchObject({ id: 2, state: 'settled', verdict: 'keep' });
});
