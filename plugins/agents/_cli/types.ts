import type { Brief, FailureKind, Pipes, Usage } from '../../../src/plugin.ts';
import type { HistoryServer } from '../../../src/agent.ts';
import type { FormatName } from './formats.ts';
import type { CliOptions } from './options.ts';

/** The description of one coding agent: everything in which they differ. */
export type Cli = PrintingCli | TalkingCli;

interface CliFacts {
  /** As it is named on PATH. */
  readonly program: string;
  /** The npm package that must be installed beside autoresearch to talk to it. */
  readonly package?: string;
  /** The API it speaks, unless its options choose one. */
  readonly format: FormatName;
  /** Can it give its report by a JSON schema? */
  readonly hasSchema: boolean;
  /** Can it enforce a limit in dollars? */
  readonly holdsUsd?: true;
  /** How it restricts itself to the scope, for `autoresearch check`. */
  readonly scope: string;
  start(ask: CliAsk): CliStart | Promise<CliStart>;
}

/** One that reads the prompt, prints what it does, and ends. */
export interface PrintingCli extends CliFacts {
  /** What the events of its output say; lines that are no JSON have been left out. */
  hear(events: readonly Event[]): Heard;
}

/** An agent we talk to while it runs. */
export interface TalkingCli extends CliFacts {
  talk(pipes: Pipes, task: Task): Promise<Heard>;
}

export interface Task {
  readonly brief: Brief;
  readonly prompt: string;
  readonly history: HistoryServer | null;
  /** Aborted when the conversation must stop; it then has five seconds to end cleanly. */
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
  /** Shows the agent what was tried in the run; null where the prompt does. */
  readonly history: HistoryServer | null;
  /** The JSON schema of the report, as text. */
  readonly schema: string;
  /** Dollars that it may spend, if it can enforce a limit itself. */
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
  /** The last text it printed. */
  readonly text?: string;
  readonly error?: { readonly kind?: FailureKind; readonly message: string };
  /** Usage as the agent counts it. */
  readonly usage?: Usage;
  readonly model?: string;
}
