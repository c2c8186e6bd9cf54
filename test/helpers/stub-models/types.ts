/** What a stub model is asked and answers, whichever API it is spoken to in. */

/** A tool as the client offers it; `fields` are the names of its arguments, none for free text. */
export interface Tool {
  readonly name: string;
  readonly fields: Readonly<Record<string, { readonly type?: unknown; readonly items?: unknown }>>;
  readonly required: readonly string[];
  readonly isText: boolean;
}

export interface Ask {
  readonly model: string;
  readonly isStream: boolean;
  readonly tools: readonly Tool[];
  /** What the tools answered so far in this conversation, oldest first. */
  readonly results: readonly string[];
  /** Everything that was said, as one text. */
  readonly prompt: string;
  /** The client did not ask for figures, and its API gives them only then. */
  readonly isSilentOnUsage?: boolean;
}

/** What the model does next. */
export type Turn =
  | { readonly do: 'read'; readonly path: string }
  | { readonly do: 'edit'; readonly path: string; readonly from: string; readonly to: string }
  | { readonly do: 'shell'; readonly command: string }
  /** One of the tools of the MCP server `autoresearch`. */
  | { readonly do: 'history'; readonly tool: string; readonly input: Readonly<Record<string, unknown>> }
  /** Reads a skill that the client has told of. */
  | { readonly do: 'skill'; readonly skill: string }
  | { readonly do: 'report'; readonly report: unknown }
  | { readonly do: 'say'; readonly text: string };

export type Fault =
  | { readonly status: number; readonly code: string; readonly message: string; readonly headers?: Readonly<Record<string, string>> }
  | 'cut'
  | 'silent';

export interface Scenario {
  /** The client offers no tools: what it says is the task itself, not a question aside. */
  readonly isPlain?: true;
  turn(ask: Ask): Turn;
  /** Called with the number of the request, 0 for the first with tools. */
  fault?(index: number): Fault | undefined;
}

export interface Served {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

export interface Call {
  readonly tool: Tool;
  readonly input: string | Readonly<Record<string, unknown>>;
}

export interface Reply {
  readonly model: string;
  readonly text: string;
  readonly call?: Call;
  readonly usage: Served;
  readonly isSilentOnUsage?: boolean;
}

export interface StreamEvent {
  readonly event?: string;
  readonly data: unknown;
}

/** One model API. */
export interface Dialect {
  matches(path: string): boolean;
  parse(body: Json, path: string): Ask;
  json(reply: Reply): unknown;
  events(reply: Reply): StreamEvent[];
  error(fault: Exclude<Fault, string>): unknown;
}

// The bodies of four APIs, read loosely.
// eslint-disable-next-line typescript/no-explicit-any
export type Json = any;
