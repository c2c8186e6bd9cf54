import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stateOf } from '../../src/commands/run-status.ts';
import { readEvents } from '../../src/events/read.ts';
import { openRepository } from '../../src/git/repository.ts';
import type { RunEvent } from '../../src/plugin.ts';
import { RunFeed } from '../../src/ui/run-feed.ts';
import { makeProject, run, RUN, set, stepsAgent } from '../helpers/project.ts';

it('knows from its start what has happened, so that a page that comes back after a restart gets nothing twice', async () => {
  const { dir } = makeProject({ agent: stepsAgent([set(0.5), set(0.4)]) });
  await run(dir);
  const events: RunEvent[] = [];
  const runDir = join(dir, '.autoresearch', RUN);
  for await (const event of readEvents(join(runDir, 'events'))) events.push(event);
  const { git } = await openRepository(dir);
  const feed = await RunFeed.open({ git, run: RUN, runDir, stateOf: (record) => stateOf(record, join(runDir, 'lock')) });
  onTestFinished(() => feed.close());
  const last = events.at(-1)?.seq ?? 0;
  expect(feed.cursor().seq).toBe(last);
  expect(last).toBeGreaterThan(10);
  // A page that had all but the last three events before the server ended.
  const missed = feed.since({ ...feed.cursor(), seq: last - 3 }).flatMap(({ name, data }) => (name === 'run' ? [data.seq] : []));
  expect(missed).toEqual([last - 2, last - 1, last]);
});
