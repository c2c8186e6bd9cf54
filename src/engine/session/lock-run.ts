import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { recordWaiting } from '../../decisions/stopped.ts';
import { AutoresearchError } from '../../errors.ts';
import type { Repository } from '../../git/repository.ts';
import { listRuns } from '../../ledger/find-run.ts';
import { holdRun } from '../../ledger/hold.ts';
import { lockHolder, type Lock } from '../../ledger/lock.ts';
import { chooseRunName } from '../../model/run-name.ts';
import type { Log } from '../../plugin.ts';
import type { Assembly } from './assemble.ts';

export function runDirOf(repository: Repository, run: string): string {
  return join(repository.stateDir, run);
}

export interface LockedRun {
  readonly run: string;
  readonly runDir: string;
  readonly lock: Lock;
}

export async function lockRun(repository: Repository, run: string, assembly: Assembly, log: Log): Promise<LockedRun> {
  const locked = await hold(repository, run, assembly);
  warnOfOthers(repository, run, log);
  return locked;
}

/**
 * Locks a run that is not there yet. Since its name was chosen another process may have taken that, for instance while the
 * project was prepared: then a run that was given no name gets the next one.
 * @param asked the name it was given
 * @throws AutoresearchError RUN_EXISTS, RUN_LOCKED where the name it was given is taken
 */
export async function lockNewRun(
  repository: Repository,
  { asked, chosen }: { readonly asked: string | undefined; readonly chosen: string },
  assembly: Assembly,
  log: Log,
): Promise<LockedRun> {
  const tried: string[] = [];
  for (let run = chosen; ; run = chooseRunName(asked, [...(await listRuns(repository.git)), ...tried])) {
    tried.push(run);
    const locked = await hold(repository, run, assembly).catch((error: unknown) => {
      if (asked === undefined && error instanceof AutoresearchError && error.code === 'RUN_LOCKED') return null;
      throw error;
    });
    if (locked === null) continue;
    if (!(await listRuns(repository.git)).includes(run)) {
      warnOfOthers(repository, run, log);
      return locked;
    }
    locked.lock.release();
    await recordWaiting(repository.git, run, locked.runDir, log.warn);
  }
}

async function hold(repository: Repository, run: string, { processes }: Assembly): Promise<LockedRun> {
  const runDir = runDirOf(repository, run);
  const lock = await holdRun(join(runDir, 'lock'), processes.token);
  makePrivate(runDir);
  return { run, runDir, lock };
}

/** Each makes the other's trials slower and its noise larger. */
export function warnOfOthers({ stateDir }: Repository, run: string, log: Log): void {
  const others = readdirSync(stateDir, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== run);
  for (const { name } of others) {
    const holder = lockHolder(join(stateDir, name, 'lock'));
    if (holder === null) continue;
    const what = name === 'check' ? 'check --measure' : `run ${name}`;
    log.warn(`${what} also runs in this project (process ${holder.pid}): they share the machine, which makes trials slower and noisier`);
  }
}

/** Logs and the key of the write-ahead file are for nobody else on this machine. */
function makePrivate(folder: string): void {
  try {
    chmodSync(folder, 0o700);
  } catch {
    // The folder is another user's, or its file system has no modes.
  }
}
