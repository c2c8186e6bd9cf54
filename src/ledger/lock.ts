import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { AutoresearchError } from '../errors.ts';
import { isAlive } from '../process/kill.ts';
import { readProc } from '../process/table.ts';

const BEAT_MS = 5_000;
/** A lock of another machine is dead when its heart has not beaten for this long. */
const DEAD_MS = 60_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the kernel counts: tells it from a later one with its pid. */
  readonly started: string | null;
  readonly token: string;
}

export interface Lock {
  /** The token of a session that died without giving the lock back. */
  readonly stale: { readonly token: string; readonly pid: number } | null;
  release(): void;
}

/** Takes the run for this process; RUN_LOCKED names who has it. */
export function takeLock(file: string, token: string): Lock {
  mkdirSync(dirname(file), { recursive: true });
  const holder: Holder = { pid: process.pid, host: hostname(), started: readProc(process.pid)?.started ?? null, token };
  const before = readHolder(file);
  if (before && isHeld(before, file)) {
    throw new AutoresearchError('RUN_LOCKED', `this run is being worked on by process ${before.pid} on ${before.host}`, {
      hint: 'wait for it, or stop it with Ctrl-C there; another run can go on beside it: autoresearch run --name OTHER',
    });
  }
  const draft = `${file}.${token}`;
  discardStale(file, before, `${draft}.stale`);
  // A link appears whole or not at all: a lock that a kill left half written would never be given back.
  writeFileSync(draft, JSON.stringify(holder));
  try {
    linkSync(draft, file);
  } catch (cause) {
    throw takenMeanwhile(cause);
  } finally {
    rmSync(draft, { force: true });
  }
  const beat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {
      // Removed under us: the next session will find no lock, which is what a removed lock means.
    }
  }, BEAT_MS);
  beat.unref();
  return {
    stale: before && { token: before.token, pid: before.pid },
    release() {
      clearInterval(beat);
      if (readHolder(file)?.token === token) rmSync(file, { force: true });
    },
  };
}

/** Takes a dead lock out of the way; by renaming, so that of two processes that saw it dead one finds the other's. */
function discardStale(file: string, before: Holder | null, aside: string): void {
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const isStale = readHolder(aside)?.token === before?.token;
  if (!isStale) linkSync(aside, file);
  rmSync(aside, { force: true });
  if (!isStale) throw takenMeanwhile();
}

function takenMeanwhile(cause?: unknown): AutoresearchError {
  return new AutoresearchError('RUN_LOCKED', 'another process took this run at the same moment', { hint: 'autoresearch status', cause });
}

/** The process working on a run, or null. */
export function lockHolder(file: string): { pid: number; host: string } | null {
  const holder = readHolder(file);
  return holder && isHeld(holder, file) ? holder : null;
}

function isHeld(holder: Holder, file: string): boolean {
  if (holder.host !== hostname()) {
    const beat = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return Date.now() - beat < DEAD_MS;
  }
  if (!isAlive(holder.pid)) return false;
  const now = readProc(holder.pid)?.started;
  return holder.started === null || now === undefined || now === holder.started;
}

function readHolder(file: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder> | null;
    return typeof holder?.token === 'string' && typeof holder.pid === 'number' ? (holder as Holder) : null;
  } catch {
    return null;
  }
}
