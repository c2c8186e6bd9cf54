import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from './folders.ts';
import type { Repository } from './git/repository.ts';
import type { RunRecord } from './ledger/read.ts';
import { readReport } from './page/report.ts';
import { reportHtml } from './page/report-html.ts';
import { readOverview } from './swarm/net/read-overview.ts';
import { pageSource } from './page/source.ts';
import type { ProcessState } from './views/process-state.ts';

/** Writes a run's report, from nothing but the ledger and git; gives the file's path. */
export async function writeReport({ git, top }: Repository, record: RunRecord, file: string): Promise<string> {
  // A report without its nodes is better than none.
  const swarm = await readOverview(top, record).catch(() => null);
  const source = pageSource({ record, state: stateIn(record), swarm, now: new Date().toISOString() });
  const { data, details } = await readReport(git, record, source);
  const html = await reportHtml(data, details);
  makeFolders(dirname(file));
  writeFileSync(file, html);
  return file;
}

/** Going by the record alone: whoever writes a report at the end of a run still holds its lock. */
function stateIn({ sessions }: RunRecord): ProcessState {
  const last = sessions.findLast(({ kind }) => kind === 'opened' || kind === 'resumed' || kind === 'stopped');
  return last?.kind === 'stopped' ? { kind: 'stopped', reason: last.reason } : { kind: 'running', pid: process.pid };
}
