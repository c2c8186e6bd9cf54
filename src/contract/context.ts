/** What every plugin is given. */
import type { TrialExit } from '../experiment.ts';
import type { Meter, MeterOptions } from './meter.ts';

/** Both ends of a running program's standard streams. */
export interface Pipes {
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
}

export interface ExecOptions {
  readonly cwd?: string;
  /** The whole environment of the child; nothing is inherited. Default: the allow-list of the config. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /**
   * Speaks with the program while it runs, in place of `input`. It must settle when `stdout` ends; when it settles before,
   * the program's input is closed, it gets two seconds to end by itself, and the result is `completed`. What it throws,
   * `exec` throws, once the processes are gone.
   */
  readonly talk?: (pipes: Pipes) => Promise<void>;
  readonly timeoutMs?: number;
  /** Where stdout and stderr go together; without it the tail is kept in memory only. */
  readonly logFile?: string;
  /** How much of the output the log file holds at most: its start and its end. Default 8 MiB. */
  readonly maxLogBytes?: number;
  readonly signal?: AbortSignal;
  /** Called with each complete line of output (lines are cut at 4 KiB). */
  readonly onLine?: (line: string) => void;
}

export interface ExecResult {
  readonly exit: Exclude<TrialExit, 'stopped' | 'lost'>;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly seconds: number;
  /** The largest memory of the process tree seen, in MiB; null where it cannot be read. */
  readonly peakMemoryMb: number | null;
  /** The last 64 KiB of stdout and stderr. */
  readonly tail: string;
  readonly outputBytes: number;
  /** Bytes in the middle of the output that the log file does not hold. */
  readonly droppedBytes: number;
  /** Why the program could not be started at all, such as ENOENT. */
  readonly spawnError?: string;
}

export interface Log {
  info(message: string): void;
  warn(message: string): void;
  debug(message: string): void;
}

/** What every plugin gets when it is created. Creation must not read, write or start anything. */
export interface PluginContext {
  /** The place in the config, such as `gates[1]` or `metrics.val_bpb`. */
  readonly path: string;
  /** The name to show: the metric's key, else the plugin's name. */
  readonly label: string;
  /** The project's folder: relative paths of the config start here. */
  readonly projectDir: string;
  /** Globs of the files an agent may edit, and of those it must not even there; relative to the project. */
  readonly scope: { readonly edit: readonly string[]; readonly protect: readonly string[] };
  readonly seed: number;
  /** Aborted when the run is being stopped. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Runs a program in its own process group; always settles, and leaves no process behind. */
  exec(argv: readonly [string, ...string[]], options?: ExecOptions): Promise<ExecResult>;
  /** Starts a proxy to a model API that holds the key, counts what is used and stops at caps; ends with the run. */
  meter(options: MeterOptions): Promise<Meter>;
}

/** Collects the problems a plugin finds before the run starts; all are shown at once. */
export interface Preflight {
  readonly projectDir: string;
  readonly metrics: readonly string[];
  /** Editable files as they are in the commit the run starts from. */
  readonly editable: readonly string[];
  /** Reads a file of the project as it is in the commit the run starts from; null if it has none. */
  readCommitted(path: string): Promise<string | null>;
  problem(code: string, message: string, hint?: string): void;
  /** Something that may be wrong; the run starts all the same. */
  warning(message: string): void;
  /**
   * Looks whether trials and agents will find a file of the project: their worktree holds what is committed or linked.
   * Where it is in the person's folder only, this is reported: as a problem of a program, else as a warning.
   * False where it is nowhere at all, which may be right. `at` is its place in the config.
   */
  requireFile(path: string, options: { readonly at: string; readonly isProgram?: boolean }): Promise<boolean>;
}

/** What every plugin may do at the beginning and the end. */
export interface Lifecycle {
  /** Looks, before the run, whether everything it needs is there. */
  verify?(preflight: Preflight): void | Promise<void>;
  /** Called once at the end, also after a failure; calling it twice must be harmless. */
  dispose?(): void | Promise<void>;
}
