import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Repository } from '../git/repository.ts';
import { holdRun } from '../ledger/hold.ts';
import { readLock } from '../ledger/lock.ts';
import { endProcess } from '../process/kill.ts';
import { findStrays } from '../process/strays.ts';
import type { Finding } from './finding.ts';

/** Locks of runs whose processes are gone, and processes of runs that have ended. */
export function findRunLocks({ stateDir }: Repository, isLive: (run: string) => boolean): Finding[] {
  const runs = existsSync(stateDir) ? readdirSync(stateDir).filter((run) => !isLive(run)) : [];
  return runs.flatMap((run) => [...locksOf(join(stateDir, run), run), ...straysOf(join(stateDir, run), run)]);
}

function locksOf(runDir: string, run: string): Finding[] {
  const file = join(runDir, 'lock');
  const guard = `${file}.takeover`;
  if (!existsSync(file) && !existsSync(guard)) return [];
  const holder = readLock(file);
  const who = holder === null ? 'that names nobody' : `of process ${holder.pid} on ${holder.host}, which is gone`;
  const fix = async () => {
    rmSync(guard, { recursive: true, force: true });
    (await holdRun(file, randomUUID())).release();
  };
  return [{ kind: 'run-lock', text: `run ${run} has a lock ${who}`, fix }];
}

function straysOf(runDir: string, run: string): Finding[] {
  return findStrays(runDir).map(({ pid, command }) => ({
    kind: 'process',
    text: `process ${pid} (${command}) of run ${run} is still there, and the run is not`,
    fix: async () => endProcess(pid),
  }));
}
