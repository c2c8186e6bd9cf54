import { setTimeout as sleep } from 'node:timers/promises';
import { findMarked, listProcesses, treeOf } from './table.ts';

/** How long a process may take to end by itself after SIGTERM. */
const GRACE_MS = 2000;

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

export function isAlive(pid: number): boolean {
  return send(pid, 0);
}

/**
 * SIGTERM to the group and to descendants outside it, then SIGKILL to whatever is left. A launcher and its one child
 * get no SIGTERM: they would die of it at once, and take the program with them before it can end by itself.
 */
export async function endTree(group: number, { isLaunched = false } = {}): Promise<void> {
  const tree = treeOf(await listProcesses().catch(() => []), group);
  const outside = tree.filter((row) => row.group !== group);
  const signalAll = (signal: NodeJS.Signals) => {
    send(-group, signal);
    for (const row of outside) send(row.pid, signal);
  };
  const programs = isLaunched ? tree.filter((row) => row.pid !== group && row.parent !== group) : [];
  if (programs.length > 0) for (const row of programs) send(row.pid, 'SIGTERM');
  else signalAll('SIGTERM');
  for (let waited = 0; waited < GRACE_MS && send(-group, 0); waited += 20) await sleep(20);
  signalAll('SIGKILL');
}

/** Kills at once what a process that has ended left behind in its group. */
export function sweepGroup(group: number): void {
  send(-group, 'SIGKILL');
}

/** Kills at once every process started under `marker`, also those that left their group. */
export function sweepMarked(marker: string): number {
  const found = findMarked(marker);
  for (const pid of found) send(pid, 'SIGKILL');
  return found.length;
}
