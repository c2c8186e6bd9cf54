import type { Brief, FailureKind, Pipes, Usage } from '../../../src/plugin.ts';
import type { FormatName } from './formats.ts';
import type { CliOptions } from './options.ts';

/** What an agent's own folder says about it: all that differs between coding agents on the command line. */
export type Cli = PrintingCli | TalkingCli;

interface CliFacts {
  /** As it is named on PATH. */
  readonly program: string;
  /** What of npm's must be installed beside autoresearch to speak with it. */
  readonly package?: string;
  /** The API it speaks, unless its options choose one. */
  readonly format: FormatName;
  /** Can its program be held to a schema when it reports? */
  readonly hasSchema: boolean;
  /** Can it end itself at a number of dollars? */
  readonly holdsUsd?: true;
  /** What of its own keeps it inside the scope, for `autoresearch check`. */
  readonly scope: string;
  start(ask: CliAsk): CliStart | Promise<CliStart>;
}

/** One that reads the prompt, prints what it does, and ends. */
export interface PrintingCli extends CliFacts {
  /** What the events of its output say; lines that are no JSON have been left out. */
  hear(events: readonly Event[]): Heard;
}

/** One that is spoken with. */
export interface TalkingCli extends CliFacts {
  talk(pipes: Pipes, task: Task): Promise<Heard>;
}

export interface Task {
  readonly brief: Brief;
  readonly prompt: string;
  /** Aborted when it is to be broken off: the talk then has five seconds to end well. */
  readonly signal: AbortSignal;
}

/** Everything an agent's command line is made from. */
export interface CliAsk {
  readonly brief: Brief;
  readonly options: CliOptions;
  /** A folder of this proposal outside the worktree, for its settings and sessions. */
  readonly home: string;
  /** Null with a login of its own. */
  readonly service: { readonly url: string; readonly token: string; readonly format: FormatName } | null;
  /** The JSON schema of the report, as text. */
  readonly schema: string;
  /** Dollars that it may spend, where it can hold a limit itself. */
  readonly usd: number | undefined;
}

export interface CliStart {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files it must find, by path below its home. */
  readonly files?: Readonly<Record<string, string>>;
}

// What other programs print, read field by field with `?.`.
// eslint-disable-next-line typescript/no-explicit-any
export type Event = any;

/** What an agent said. */
export interface Heard {
  /** A report that its program held to the schema. */
  readonly report?: unknown;
  /** Its last words. */
  readonly text?: string;
  readonly error?: { readonly kind?: FailureKind; readonly message: string };
  /** Its own count. */
  readonly usage?: Usage;
  readonly model?: string;
}
