import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from '../git/repository.ts';
import { holdRun } from '../ledger/hold.ts';
import type { Lock } from '../ledger/lock.ts';
import type { Assembly } from './assemble.ts';

export function runDirOf(repository: Repository, run: string): string {
  return join(repository.stateDir, run);
}

export async function lockRun(repository: Repository, run: string, { processes }: Assembly): Promise<{ runDir: string; lock: Lock }> {
  const runDir = runDirOf(repository, run);
  const lock = await holdRun(join(runDir, 'lock'), processes.token);
  makePrivate(runDir);
  return { runDir, lock };
}

/** Logs and the key of the write-ahead file are for nobody else on this machine. */
function makePrivate(folder: string): void {
  try {
    chmodSync(folder, 0o700);
  } catch {
    // Another user's, or a file system without modes.
  }
}
