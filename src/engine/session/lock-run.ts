import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from '../../git/repository.ts';
import { holdRun } from '../../ledger/hold.ts';
import { lockHolder, type Lock } from '../../ledger/lock.ts';
import type { Log } from '../../plugin.ts';
import type { Assembly } from './assemble.ts';

export function runDirOf(repository: Repository, run: string): string {
  return join(repository.stateDir, run);
}

export async function lockRun(
  repository: Repository,
  run: string,
  { processes }: Assembly,
  log: Log,
): Promise<{ runDir: string; lock: Lock }> {
  const runDir = runDirOf(repository, run);
  const lock = await holdRun(join(runDir, 'lock'), processes.token);
  makePrivate(runDir);
  warnOfOthers(repository, run, log);
  return { runDir, lock };
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
