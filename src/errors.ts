/** Where in a file an error is. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export type ExitCode = 0 | 1 | 2 | 3 | 130;

/** Every code a user can meet, with the exit code it ends in. docs/errors.md has a heading for each. */
export const ERROR_CODES = {
  // config: exit 2
  CONFIG_NOT_FOUND: 2,
  CONFIG_EXISTS: 2,
  CONFIG_SYNTAX: 2,
  CONFIG_DUPLICATE_KEY: 2,
  CONFIG_UNKNOWN_KEY: 2,
  CONFIG_MISSING_KEY: 2,
  CONFIG_TYPE: 2,
  CONFIG_VALUE: 2,
  CONFIG_VARIABLE: 2,
  CONFIG_SECRET: 2,
  CONFIG_UNKNOWN_METRIC: 2,
  CONFIG_NO_IMPROVEMENT_GATE: 2,
  CONFIG_INVALID: 2,
  EXTENDS_NOT_FOUND: 2,
  EXTENDS_CYCLE: 2,
  PRESET_NOT_FOUND: 2,
  PLUGIN_NOT_FOUND: 2,
  PLUGIN_INVALID: 2,
  PLUGIN_API_VERSION: 2,
  PLUGIN_SHADOWS_BUILTIN: 2,
  PLUGIN_KIND: 2,
  IMPORT_INVALID: 2,
  INIT_NOTHING_FOUND: 2,
  INIT_INCOMPLETE: 2,
  USAGE: 2,
  SWARM_NODES_INVALID: 2,
  // preflight: exit 3
  NODE_TOO_OLD: 3,
  WINDOWS_UNSUPPORTED: 3,
  GIT_NOT_FOUND: 3,
  GIT_NOT_A_REPOSITORY: 3,
  GIT_NO_COMMIT: 3,
  GIT_FOREIGN_OWNER: 3,
  GIT_LFS_MISSING: 3,
  GIT_BRANCH_CONFLICT: 3,
  PREFLIGHT_FAILED: 3,
  EDIT_FILE_MISSING: 3,
  EDIT_FILE_NOT_COMMITTED: 3,
  FILE_IGNORED: 3,
  FILE_NOT_COMMITTED: 3,
  NOT_EXECUTABLE: 3,
  PROGRAM_MISSING: 3,
  LINK_MISSING: 3,
  DATA_MISSING: 3,
  DATA_FORMAT: 3,
  DATA_SCHEMA_INVALID: 3,
  DATA_ROW_INVALID: 3,
  DATA_ID_REPEATED: 3,
  DATA_NOT_COMMITTED: 3,
  DATA_LEAKED: 3,
  PREPARE_FAILED: 3,
  COMMAND_NOT_FOUND: 3,
  AGENT_KEY_MISSING: 3,
  SANDBOX_UNAVAILABLE: 3,
  PACKAGE_MISSING: 3,
  PAGE_NOT_BUILT: 3,
  PARAMETER_NOT_FOUND: 3,
  RUN_EXISTS: 3,
  RUN_NOT_FOUND: 3,
  RUN_LOCKED: 3,
  RUN_NOT_RUNNING: 3,
  RUN_IMPORTED: 3,
  SWARM_NOT_FOUND: 3,
  SWARM_OPENING_INVALID: 3,
  SWARM_KEY_INVALID: 3,
  SWARM_NODE_TAKEN: 3,
  SWARM_EXISTS: 3,
  SWARM_NOT_JOINED: 3,
  EXPERIMENT_NOT_FOUND: 3,
  NOT_REVIEWABLE: 3,
  NOTHING_APPROVED: 3,
  BRANCH_EXISTS: 3,
  // the run: exit 1
  GIT_FAILED: 1,
  GIT_LOCKED: 1,
  GIT_OBJECTS_MISSING: 1,
  GIT_WORKTREE_BROKEN: 1,
  DISK_FULL: 1,
  DISK_READ_ONLY: 1,
  DISK_FAILING: 1,
  TOO_MANY_FILES: 1,
  TOO_MANY_PROCESSES: 1,
  NO_MEMORY: 1,
  NO_PERMISSION: 1,
  WORKTREE_STUCK: 1,
  JOB_LEFT: 1,
  AGENT_FAILED: 1,
  BASELINE_FAILED: 1,
  PLUGIN_FAILED: 1,
  LEDGER_BROKEN: 1,
  PROMOTE_CONFLICT: 1,
  PUSH_FAILED: 1,
  REMOTE_UNREACHABLE: 1,
  REMOTE_DENIED: 1,
  REMOTE_REFUSED: 1,
  PULL_REQUEST_FAILED: 1,
  INTERRUPTED: 130,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof ERROR_CODES;

interface Details {
  /** The next command or edit. */
  readonly hint?: string | undefined;
  readonly at?: Place | undefined;
  /** The lines around the place, ready to print. */
  readonly frame?: string | undefined;
  readonly plugin?: string | undefined;
  readonly hook?: string | undefined;
  /** The plugin's place in the config, such as `gates[1]`. */
  readonly path?: string | undefined;
  readonly cause?: unknown;
}

/** An error we know: prints as one line and a hint, without a stack. */
export class AutoresearchError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly at: Place | undefined;
  readonly frame: string | undefined;
  readonly plugin: string | undefined;
  readonly hook: string | undefined;
  readonly path: string | undefined;

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AutoresearchError';
    this.code = code;
    this.hint = details.hint;
    this.at = details.at;
    this.frame = details.frame;
    this.plugin = details.plugin;
    this.hook = details.hook;
    this.path = details.path;
  }

  get exitCode(): ExitCode {
    return ERROR_CODES[this.code];
  }
}

/** Several known errors found in one pass, shown all at once. */
export class AutoresearchErrors extends Error {
  readonly errors: readonly AutoresearchError[];
  constructor(errors: readonly AutoresearchError[]) {
    super(errors.map((error) => `${error.code} ${error.message}`).join('\n'));
    this.name = 'AutoresearchErrors';
    this.errors = errors;
  }
  get exitCode(): ExitCode {
    return this.errors[0]?.exitCode ?? 1;
  }
}

/** `file:line:col CODE message`, then the frame, then the hint. */
export function formatError(error: AutoresearchError): string {
  const place = error.at && [error.at.file, error.at.line, error.at.column].filter((part) => part !== undefined).join(':');
  const origin = error.plugin && `[plugin ${error.plugin}]${error.hook ? ` ${error.hook}:` : ''}`;
  const head = [place, error.code, origin, error.message, error.path && `(${error.path})`].filter(Boolean).join(' ');
  return [head, error.frame, error.hint && `  ${error.hint}`].filter(Boolean).join('\n');
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
