import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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
