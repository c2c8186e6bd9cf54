import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { markedByPs, startedByPs } from './by-ps.ts';

/** One running process; `rssMb` in MiB. `started` tells a process from a later one with the same pid. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly started: string;
  readonly rssMb: number;
}

/** Of all processes of a tree together. */
const MOST_THREADS = 64;
const PAGE_MB = 4096 / 1024 / 1024;

/** All processes of the machine: from /proc on Linux, from `ps` on other Unix systems. */
export async function listProcesses(): Promise<ProcessRow[]> {
  return process.platform === 'linux' ? listProc() : listPs();
}

function listProc(): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const name of readdirSync('/proc')) {
    const first = name.charCodeAt(0);
    if (first < 48 || first > 57) continue;
    const row = readProc(Number(name));
    if (row) rows.push(row);
  }
  return rows;
}

/** One process of /proc; null when it is gone. Zombies count as gone: they hold no resources. */
export function readProc(pid: number): ProcessRow | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name stands in parentheses and may hold anything, so fields count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return null;
    return {
      pid,
      parent: Number(fields[1]),
      group: Number(fields[2]),
      started: fields[19] ?? '',
      rssMb: Number(fields[21]) * PAGE_MB,
    };
  } catch {
    return null;
  }
}

/**
 * A process and all below it, without looking at the others of the machine; empty once it is gone. Null where the system
 * does not tell children, or with so many threads that looking at all processes takes less.
 */
export function treeBelow(pid: number): ProcessRow[] | null {
  const rows: ProcessRow[] = [];
  const open = [pid];
  let threads = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const row = readProc(next);
    // Also below a first thread that has ended there may be processes.
    if (row !== null) rows.push(row);
    try {
      const tasks = readdirSync(`/proc/${next}/task`);
      if ((threads += tasks.length) > MOST_THREADS) return null;
      for (const task of tasks) {
        const text = readFileSync(`/proc/${next}/task/${task}/children`, 'latin1');
        open.push(...text.split(' ').filter(Boolean).map(Number));
      }
    } catch {
      // A thread or process has ended meanwhile, or the kernel was built without this file.
      if (!existsSync(`/proc/${process.pid}/task/${process.pid}/children`)) return null;
    }
  }
  return rows.sort((a, b) => a.pid - b.pid);
}

async function listPs(): Promise<ProcessRow[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,pgid=,rss=,lstart=']);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length > 4)
    .map(([pid, parent, group, rss, ...started]) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      rssMb: Number(rss) / 1024,
      started: started.join(' '),
    }));
}

/** The processes of a group and all their descendants. */
export function treeOf(rows: readonly ProcessRow[], group: number): ProcessRow[] {
  const members = new Set(rows.filter((row) => row.group === group || row.pid === group).map((row) => row.pid));
  for (let grown = members.size > 0; grown;) {
    grown = false;
    for (const row of rows) {
      if (members.has(row.parent) && !members.has(row.pid)) {
        members.add(row.pid);
        grown = true;
      }
    }
  }
  return rows.filter((row) => members.has(row.pid));
}

/** When a process began, as the system tells it; null when it is gone. Tells it from a later one with the same pid. */
export function startOf(pid: number): string | null {
  return process.platform === 'linux' ? (readProc(pid)?.started ?? null) : startedByPs(pid);
}

/** Has it ended, and only waits for its parent to take note? In a container without an init nobody may ever do that. */
export function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.startsWith(') Z', stat.lastIndexOf(')'));
  } catch {
    return false;
  }
}

/** Processes that carry `marker` in the environment they were started with, wherever they went. */
export function findMarked(marker: string): number[] {
  if (process.platform !== 'linux') return markedByPs(marker);
  const found: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (readFileSync(`/proc/${name}/environ`, 'latin1').includes(marker)) found.push(pid);
    } catch {
      // The process is gone or another user's, so not ours.
    }
  }
  return found;
}
