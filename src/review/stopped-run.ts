import { join } from 'node:path';
import { AutoresearchError } from '../errors.ts';
import { openStoppedLedger, recordWaiting } from '../decisions/stopped.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { excludeFromStatus } from '../git/run-refs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { holdRun } from '../ledger/hold.ts';
import type { Lock } from '../ledger/lock.ts';
import { findRun } from '../ledger/find-run.ts';
import { readRun, type RunRecord } from '../ledger/read.ts';

/** A run that no process works on, locked so that none starts. */
export interface StoppedRun {
  readonly repository: Repository;
  readonly runDir: string;
  readonly record: RunRecord;
  readonly ledger: Ledger;
}

export interface RunPlace {
  readonly cwd: string;
  /** Default: the last run. */
  readonly run: string | undefined;
  /** Told of decisions in the queue that are refused. */
  readonly warn?: (message: string) => void;
}

/** Holds the run's lock while `action` works on its ledger. A run in progress is not disturbed: RUN_LOCKED. */
export async function withStoppedRun<T>(
  { cwd, run: name, warn = () => {} }: RunPlace,
  token: string,
  action: (run: StoppedRun) => Promise<T>,
): Promise<T> {
  const here = await openRepository(cwd);
  const run = await findRun(here.git, name);
  const { opening } = await readRun(here.git, run);
  const repository = await openRepository(join(here.top, opening.projectPrefix));
  const runDir = join(repository.stateDir, run);
  const lock = await lockStopped(join(runDir, 'lock'), token, run);
  try {
    excludeFromStatus(repository);
    const opened = await openStoppedLedger(repository.git, run, runDir, warn);
    return await action({ repository, runDir, ...opened });
  } finally {
    lock.release();
    await recordWaiting(repository.git, run, runDir, warn);
  }
}

async function lockStopped(file: string, token: string, run: string): Promise<Lock> {
  try {
    return await holdRun(file, token);
  } catch (error) {
    if (!(error instanceof AutoresearchError) || error.code !== 'RUN_LOCKED') throw error;
    throw new AutoresearchError('RUN_LOCKED', `${error.message}; nothing was recorded`, {
      hint: `decide when it has stopped. Until then, to read: autoresearch review ${run} --json, or autoresearch report ${run}`,
      cause: error,
    });
  }
}
