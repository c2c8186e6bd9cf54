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

interface Launch {
  readonly isLaunched?: boolean;
  readonly reaper?: object | null;
}

/**
 * SIGTERM to the group and to descendants outside it, then SIGKILL to whatever is left. A launcher and its one child
 * get no SIGTERM: they would die of it at once, and take the program with them before it can end by itself. A reaper
 * ends all that is below it when it gets one.
 */
export async function endTree(group: number, { isLaunched = false, reaper = null }: Launch = {}): Promise<void> {
  const tree = treeOf(await listProcesses().catch(() => []), group);
  const outside = tree.filter((row) => row.group !== group);
  const signalAll = (signal: NodeJS.Signals) => {
    send(-group, signal);
    for (const row of outside) send(row.pid, signal);
  };
  const programs = tree.filter((row) => row.pid !== group && (reaper || (isLaunched && row.parent !== group)));
  if (programs.length > 0) for (const row of programs) send(row.pid, 'SIGTERM');
  else signalAll('SIGTERM');
  await goneWithin(group, GRACE_MS);
  if (reaper) {
    endAtOnce(group, { isReaped: true });
    await goneWithin(group, GRACE_MS);
  }
  signalAll('SIGKILL');
}

async function goneWithin(group: number, ms: number): Promise<void> {
  for (let waited = 0; waited < ms && send(-group, 0); waited += 20) await sleep(20);
}

/** Ends a tree without giving it time; a reaper does that itself, and must not be killed before it has. */
export function endAtOnce(group: number, { isReaped }: { readonly isReaped: boolean }): void {
  if (!isReaped) return sweepGroup(group);
  send(group, 'SIGTERM');
  // In case it was stopped by SIGSTOP.
  send(group, 'SIGCONT');
}

/** Ends one process at once. */
export function endProcess(pid: number): void {
  send(pid, 'SIGKILL');
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
