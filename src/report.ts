import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readDiffs } from './git/diffs.ts';
import type { Repository } from './git/repository.ts';
import { readExperiments, readLogs, type RunRecord } from './ledger/read.ts';
import { promotionsOf, reviewsOf } from './ledger/reviews.ts';
import { auditsOf } from './views/course.ts';
import { noiseOf } from './views/noise.ts';
import type { RunState } from './views/status.ts';
import { detailedIds, renderReport } from './views/report/index.ts';

/** Writes a run's report, from nothing but the ledger and git; gives the file's path. */
export async function writeReport({ git }: Repository, record: RunRecord, file: string): Promise<string> {
  const experiments = await readExperiments(git, record);
  const shown = detailedIds(experiments);
  const detailed = experiments.filter(({ id }) => shown.has(id));
  const crashes = detailed.filter(({ verdict }) => verdict === 'crash').map(({ id }) => id);
  const html = renderReport({
    opening: record.opening,
    experiments,
    audits: auditsOf(record.sessions),
    reviews: reviewsOf(record.sessions),
    promotions: promotionsOf(record.sessions),
    state: stateIn(record),
    noise: noiseOf(record.summaries, record.opening),
    diffs: await readDiffs(git, detailed),
    logTail: await readLogs(git, record, crashes),
    generatedAt: new Date().toISOString(),
  });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, html);
  return file;
}

/** Going by the record alone: whoever writes a report at the end of a run still holds its lock. */
function stateIn({ sessions }: RunRecord): RunState {
  const last = sessions.findLast(({ kind }) => kind === 'opened' || kind === 'resumed' || kind === 'stopped');
  return last?.kind === 'stopped' ? { kind: 'stopped', reason: last.reason } : { kind: 'running', pid: process.pid };
}
