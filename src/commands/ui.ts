import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExitCode } from '../errors.ts';
import { runDirOf } from '../engine/session/lock-run.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { keyIn } from '../ledger/signed-lines.ts';
import type { RunRecord } from '../ledger/read.ts';
import { createLog } from '../log.ts';
import { findReviewer, hintGiver } from '../review/reviewer.ts';
import { catchSignals } from '../signals.ts';
import { overviewReader } from '../swarm/net/read-overview.ts';
import { submitDecision } from '../ui/submit.ts';
import { RunFeed } from '../ui/run-feed.ts';
import type { Serving } from '../ui/serve.ts';
import { linkText } from './page-link.ts';
import { lockFileOf, openRun, print, printJson } from './read.ts';
import { stateOf } from './run-status.ts';

export interface UiFlags {
  readonly host?: string;
  readonly port?: number;
  readonly allowRemote?: boolean;
  readonly readOnly?: boolean;
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Shows a run in a browser until Ctrl-C. */
export async function ui(run: string | undefined, flags: UiFlags): Promise<ExitCode> {
  const { repository, record } = await openRun(run);
  const log = createLog({ debug: flags.debug === true });
  using signals = catchSignals(log);
  const serving = await servePage(repository, record, flags);
  if (flags.json) printJson({ url: serving.url, run: record.run });
  else print(`${record.run}: ${await linkText(serving.url, process.stdout)}\n(Ctrl-C ends it; the run goes on)`);
  await sleep(2 ** 31 - 1, undefined, { signal: signals.signal }).catch(() => {});
  await serving.close();
  return 0;
}

/** Loads the server, which nothing else needs. */
export async function servePage(repository: Repository, record: RunRecord, flags: UiFlags): Promise<Serving> {
  const { serve } = await import('../ui/serve.ts');
  const { run, opening } = record;
  const cwd = resolve(repository.top, opening.projectPrefix);
  const runDir = runDirOf(await openRepository(cwd), run);
  const { git } = repository;
  const feed = await RunFeed.open({
    git,
    run,
    runDir,
    stateOf: (read) => stateOf(read, lockFileOf({ repository, record: read })),
    readSwarm: overviewReader(git, cwd, record),
  });
  const serving = await serve({
    feed,
    key: keyIn(`${runDir}/ui.key`),
    host: flags.host ?? '127.0.0.1',
    port: flags.port ?? 0,
    isReadOnly: flags.readOnly === true,
    mayBeRemote: flags.allowRemote === true,
    by: (kind) => (kind === 'steer' ? hintGiver : findReviewer)(git, undefined),
    decide: (decision) => submitDecision({ cwd, run }, decision),
  }).catch((error: unknown) => {
    feed.close();
    throw error;
  });
  return {
    ...serving,
    async close() {
      feed.close();
      await serving.close();
    },
  };
}
