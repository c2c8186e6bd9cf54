import { randomUUID } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex, Readable } from 'node:stream';
import { execa } from 'execa';
import { errorOfMachine, isOfMachine } from '../machine-errors.ts';
import type { ExecOptions, ExecResult } from '../contract/context.ts';
import type { Redact } from '../redact.ts';
import { splitLines } from './lines.ts';
import { converse } from './converse.ts';
import { endTree, sweepGroup, sweepMarked } from './kill.ts';
import type { Limits } from './limits.ts';
import { watch } from './watch.ts';
import { OutputLog } from './output-log.ts';
import type { Reaper } from './reaper.ts';

/** Set in every child, so that one that leaves its process group can still be found and ended. */
export const MARKER = 'AUTORESEARCH_PROCESS';

/** How long to read on after the process has ended and its group is gone. */
const DRAIN_MS = 500;
const STRAGGLERS_MS = 100;

export interface SpawnOptions extends ExecOptions {
  /** Carried by the child and its descendants; by default one of its own. */
  readonly marker?: string;
  readonly onStart?: (group: number) => void;
  /** Takes keys out of what it prints, before anything is written or looked at. */
  readonly redact?: Redact;
  /** Is the program started by another one, such as bwrap, that does nothing else? */
  readonly isLaunched?: boolean;
  /** What it can read from one more descriptor: 3, or 5 where there is a channel. */
  readonly lastInput?: Uint8Array | null;
  /** Starts it below a program that finds whatever it leaves behind. */
  readonly reaper?: Reaper | null;
  /** What ends it at once. */
  readonly limits?: Limits | null;
  /** Folders of a sandbox that are memory. */
  readonly memoryFolders?: readonly string[];
  /** Is what it prints kept from the log, because somebody else reads it? */
  readonly isOutputUnlogged?: boolean;
  /** Gives the program two more pipes: it reads what is written to `down` on descriptor 3, and what it writes to 4 comes out of `up`. */
  readonly onChannel?: (channel: { readonly down: Duplex; readonly up: Duplex }) => void;
}

/**
 * Runs a program in its own process group. It always settles, with a value for every way to end,
 * and leaves no process behind.
 * @throws what `talk` throws; and where the machine has no processes, files, memory or disk left, AutoresearchError
 */
export async function exec(argv: readonly [string, ...string[]], options: SpawnOptions = {}): Promise<ExecResult> {
  const marker = options.marker ?? randomUUID();
  const mark = `${MARKER}=${marker}`;
  const { reaper } = options;
  // The reaper itself has no mark, because it must outlive the processes it ends.
  const [file, ...args] = reaper ? reaper.wrap(argv, mark) : argv;
  const started = performance.now();
  const log = new OutputLog(options.logFile, options.maxLogBytes, options.redact);
  if (options.signal?.aborted) return { ...nothing('aborted'), ...log.finish() };

  const child = execa(file, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...options.env, ...(reaper ? reaper.env : { [MARKER]: marker }) },
    extendEnv: options.env === undefined,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdio: stdioOf(options),
  });
  const pid = child.pid;
  if (pid === undefined) {
    const { originalMessage, code } = await child;
    const machine = errorOfMachine(Object.assign(new Error(originalMessage), { code, syscall: 'spawn' }));
    // If the machine can start no process at all, that is not an error of this program.
    if (isOfMachine(machine)) throw machine;
    return { ...nothing('failed'), ...log.finish(), spawnError: code ?? originalMessage ?? 'could not be started' };
  }

  options.onStart?.(pid);
  const channel = openChannel(child.nodeChildProcess, options);
  const { onLine: tell, redact = unchanged } = options;
  const onLine = tell && splitLines((line) => tell(redact(line)));
  const { stdin, stdout } = child;
  const end = () => void endTree(pid, options);
  // Before the log reads: it gives the memory of what it has read back.
  const conversation = options.talk && stdin && converse(options.talk, { stdin, stdout, end });
  const streams = [stdout, child.stderr];
  for (const stream of streams) {
    stream.on('data', (chunk: Buffer) => {
      if (options.isOutputUnlogged !== true || stream !== stdout) log.write(chunk);
      onLine?.(chunk);
      release(chunk);
    });
    stream.on('error', () => {});
  }
  // A program that ends without reading its input is no failure of ours.
  stdin?.on('error', () => {});
  if (conversation === undefined) stdin?.end(options.input);

  const memory = watch(pid, options);
  const ended = endOf(child.nodeChildProcess);
  const stopped = stopOn(pid, options);
  const left = await ended;
  const { exitCode, signal } = fromLauncher(left, options);
  const hasLeft = exitCode === 0 || conversation?.isOver() === true;
  const seconds = (performance.now() - started) / 1000;
  const reason = stopped.settle();
  const peakMemoryMb = memory.stop();
  sweepGroup(pid);
  if (!isAlone(options, left)) sweepStragglers(mark);
  if (!(await drained(streams, DRAIN_MS))) for (const stream of streams) stream.destroy();
  for (const pipe of channel) pipe.destroy();
  await conversation?.finish();
  const exit = reason ?? (hasLeft ? 'completed' : 'failed');
  return { exit, exitCode, signal, seconds, peakMemoryMb, ...log.finish() };
}

function stdioOf({ input, talk, onChannel, lastInput }: SpawnOptions) {
  return [
    input === undefined && talk === undefined ? ('ignore' as const) : ('pipe' as const),
    'pipe' as const,
    'pipe' as const,
    ...(onChannel ? (['pipe', 'pipe'] as const) : []),
    ...(lastInput ? [lastInput] : []),
  ] as const;
}

function openChannel({ stdio }: ChildProcess, { onChannel }: SpawnOptions): readonly Duplex[] {
  if (onChannel === undefined) return [];
  const [, , , down, up] = stdio as readonly unknown[] as readonly Duplex[];
  if (down === undefined || up === undefined) return [];
  // Nothing may be read from the stream before the reader is attached.
  up.pause();
  onChannel({ down, up });
  return [down, up];
}

const unchanged: Redact = (text) => text;

interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A launcher says 128 and the signal's number; higher codes than these are some programs' own. */
function fromLauncher({ exitCode, signal }: Ended, { isLaunched, reaper }: SpawnOptions): Ended {
  const number =
    (isLaunched === true || reaper) && exitCode !== null && exitCode > 128 && exitCode <= 128 + constants.signals.SIGTERM
      ? exitCode - 128
      : 0;
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return name === undefined ? { exitCode, signal } : { exitCode: null, signal: name };
}

/**
 * Is nothing left of it for sure? A reaper ends by itself only when all below it is gone, and with the first process of
 * a sandbox the kernel ends all others. To look through all processes of the machine takes milliseconds.
 */
function isAlone({ reaper, isLaunched }: SpawnOptions, { signal }: Ended): boolean {
  return signal === null && (isLaunched === true || Boolean(reaper));
}

/** Kills twice, because a process that was just starting another program had no readable environment the first time. */
function sweepStragglers(mark: string): void {
  sweepMarked(mark);
  setTimeout(() => sweepMarked(mark), STRAGGLERS_MS).unref();
}

/** Gives a chunk's memory back at once: left to the collector, 64 MiB and more of it pile up. */
function release({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/** When the process itself ended; its output may still be open in a grandchild's hands. */
function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

/** Waits until the outputs have ended, up to a limit. Returns whether they have. */
function drained(streams: readonly Readable[], withinMs: number): Promise<boolean> {
  const isDone = () => streams.every((stream) => stream.closed || stream.destroyed);
  if (isDone()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), withinMs);
    const onClose = () => {
      if (!isDone()) return;
      clearTimeout(timer);
      resolve(true);
    };
    for (const stream of streams) stream.once('close', onClose);
  });
}

/** Ends the tree on timeout or abort; `settle` says which of them it was, if any. */
function stopOn(pid: number, { timeoutMs, signal, ...how }: SpawnOptions): { settle(): 'timed-out' | 'aborted' | null } {
  let reason: 'timed-out' | 'aborted' | null = null;
  const end = (why: 'timed-out' | 'aborted') => {
    reason ??= why;
    void endTree(pid, how);
  };
  const onAbort = () => end('aborted');
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => end('timed-out'), timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    settle() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      return reason;
    },
  };
}

function nothing(exit: 'failed' | 'aborted') {
  return { exit, exitCode: null, signal: null, seconds: 0, peakMemoryMb: null } as const;
}
