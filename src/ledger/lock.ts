import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { AutoresearchError } from '../errors.ts';
import { makeFolders } from '../folders.ts';
import { isAlive } from '../process/kill.ts';
import { isZombie, startOf } from '../process/table.ts';
import { readTextIfThere } from '../read-if-there.ts';

const BEAT_MS = 5_000;
/** A lock of another machine is stale if it was not refreshed for this long. */
const DEAD_MS = 60_000;
const TURN_MS = 1000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the system tells it: tells it from a later one with its pid. */
  readonly started: string | null;
  readonly token: string;
}

export interface Lock {
  /** The token of a session that died without releasing the lock. */
  readonly stale: { readonly token: string; readonly pid: number } | null;
  release(): void;
}

/** Takes the run for this process; RUN_LOCKED names who has it. */
export function takeLock(file: string, token: string): Lock {
  makeFolders(dirname(file));
  const holder: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid), token };
  const before = readHolder(file);
  if (before && isHeld(before, file)) {
    throw new AutoresearchError('RUN_LOCKED', `this run is being worked on by process ${before.pid} on ${before.host}`, {
      hint: 'wait for it, or stop it with Ctrl-C there; another run can go on beside it: autoresearch run --name OTHER',
    });
  }
  replaceDead(file, holder);
  const beat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {
      // The lock was removed while we held it: the next session finds none, as it should.
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

/**
 * Waits for its turn, which takes a moment. A process that does nothing in its turn for a second was killed in it: a second of
 * this process, because the clock that dates files may be set.
 */
function enter(guard: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let [seen, since] = ['', 0]; ;) {
    try {
      mkdirSync(guard);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const stat = statSync(guard, { throwIfNoEntry: false });
    const now = stat === undefined ? '' : [stat.ino, stat.mtimeMs, stat.ctimeMs].join();
    if (now !== seen) [seen, since] = [now, performance.now()];
    if (stat !== undefined && performance.now() - since > TURN_MS) rmSync(guard, { recursive: true, force: true });
    else Atomics.wait(pause, 0, 0, 10);
  }
}

/** Creates our lock, or replaces a stale one. Only one process may do so at a time, so that none removes a lock that another has just made. */
function replaceDead(file: string, holder: Holder): void {
  const guard = `${file}.takeover`;
  enter(guard);
  try {
    const now = readHolder(file);
    if (now && isHeld(now, file)) throw takenMeanwhile();
    // A rename puts it there whole or not at all: a lock that a kill left half written would never be given back.
    const draft = join(guard, 'lock');
    writeFileSync(draft, JSON.stringify(holder));
    renameSync(draft, file);
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

function takenMeanwhile(cause?: unknown): AutoresearchError {
  return new AutoresearchError('RUN_LOCKED', 'another process took this run at the same moment', { hint: 'autoresearch status', cause });
}

/** The process working on a run, or null. */
export function lockHolder(file: string): { pid: number; host: string } | null {
  const holder = readHolder(file);
  return holder && isHeld(holder, file) ? holder : null;
}

/** The content of a lock, whether or not its process lives; null if it has none. */
export function readLock(file: string): { pid: number; host: string; token: string } | null {
  return readHolder(file);
}

function isHeld(holder: Holder, file: string): boolean {
  // To the kernel, 0 and negative numbers are whole groups of processes, which are always alive.
  if (!Number.isInteger(holder.pid) || holder.pid <= 0) return false;
  if (holder.host !== hostname()) {
    const beat = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return Date.now() - beat < DEAD_MS;
  }
  if (!isAlive(holder.pid) || isZombie(holder.pid)) return false;
  const now = startOf(holder.pid);
  // Where the system tells when processes began, a lock that does not say it was not written by us, or not whole.
  if (typeof holder.started !== 'string') return now === null && holder.started === null;
  return now === null || now === holder.started;
}

function readHolder(file: string): Holder | null {
  // A lock that cannot be read is somebody's: the error is thrown.
  const text = readTextIfThere(file);
  try {
    const holder = JSON.parse(text ?? '') as Partial<Holder> | null;
    return typeof holder?.token === 'string' && typeof holder.pid === 'number' ? (holder as Holder) : null;
  } catch {
    return null;
  }
}
