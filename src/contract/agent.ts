/** What an agent is asked, and what it may answer. */
import type { Reason, ReportSource, Scalar, Usage } from '../experiment.ts';
import type { Lifecycle } from './context.ts';
import type { RunView } from './run-view.ts';

/** What one proposal may use, besides its time; absent where there is no limit. */
export interface ProposalLimits {
  /** Without any output for this long, the agent is taken to hang. Milliseconds. */
  readonly idleMs?: number;
  /** Requests to a model service. */
  readonly requests?: number;
  /** Input and output tokens together. */
  readonly tokens?: number;
  /** Dollars; never more than the run has left. */
  readonly usd?: number;
}

/** A candidate that crashed, or that could not be moved onto a later incumbent, given back to the agent that proposed it. */
export interface Fix {
  /** The agent that is asked; the others do not answer. */
  readonly agent: string;
  /** The commit that crashed; the worktree holds it. */
  readonly candidate: string;
  readonly title: string;
  readonly reason: Reason;
  /** The end of the trial's log, as the program wrote it. */
  readonly log: string;
  /** 1 for the first try to fix it. */
  readonly round: number;
  /**
   * Set where it did not crash, but git could not move it onto what was kept since: the files with conflicts. The worktree holds
   * the incumbent with as much of the change as git could merge, and git's markers where it could not.
   */
  readonly conflicts?: readonly string[];
}

export interface Brief {
  readonly id: number;
  /** 0 for the first try of this experiment. */
  readonly attempt: number;
  /** The project's folder inside the worktree: the place to edit. */
  readonly cwd: string;
  readonly parent: string;
  /** Differs for every experiment and is the same when the experiment is repeated. */
  readonly seed: number;
  /** The direction as the human wrote it, read again for every experiment. */
  readonly program: string;
  readonly scope: { readonly edit: readonly string[]; readonly protect: readonly string[] };
  readonly run: RunView;
  /** Set if a change of this agent crashed, or could not be moved, and should be fixed. */
  readonly fix?: Fix;
  /** A folder outside the worktree where the agent's own files may go. */
  readonly scratchDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly limits: ProposalLimits;
  readonly signal: AbortSignal;
  /**
   * The text to send to a model: direction, objective, scope, what was tried, hints of the human. The agent adds how to
   * hand in the report (`reportRequest` of `autoresearch/agent`). A hint is used up by the first call.
   * @param share of the history's usual space, 1 less for a model with a small context
   */
  prompt(share?: number): Promise<string>;
}

export interface Report {
  readonly title: string;
  readonly hypothesis?: string;
  readonly rationale?: string;
  readonly risks?: readonly string[];
  readonly expected?: { readonly delta?: number; readonly confidence?: number };
  readonly params?: Readonly<Record<string, Scalar>>;
  readonly model?: string;
  readonly source: ReportSource;
}

/**
 * Why a proposal failed; the engine's policy follows from it.
 * Rests while the next agent is asked: `rate-limit`, `overloaded`, `network`. Asked again at once: `crash`, `timeout`, `idle`,
 * `bad-output`, and `context-overflow` with half the history. Not again for this experiment: `turn-limit`, `budget`,
 * `cancelled`. Not again in this session: `auth`, `not-installed`, `config`.
 */
export type FailureKind =
  | 'rate-limit'
  | 'overloaded'
  | 'network'
  | 'crash'
  | 'timeout'
  | 'idle'
  | 'bad-output'
  | 'context-overflow'
  | 'turn-limit'
  | 'budget'
  | 'cancelled'
  | 'auth'
  | 'not-installed'
  | 'config';

export interface AgentFailure {
  readonly status: 'failed';
  readonly kind: FailureKind;
  readonly message: string;
  /** When the service said that it may be asked again. Milliseconds from now. */
  readonly retryAfterMs?: number;
  readonly usage?: Usage;
}

export type AgentResult =
  | { readonly status: 'proposed'; readonly report: Report; readonly usage?: Usage }
  /** The agent changed nothing this time: a discard, without a trial. Its code is NO_CHANGE unless the agent gives another. */
  | { readonly status: 'no-change'; readonly report: Report; readonly usage?: Usage; readonly code?: string }
  /** The agent has nothing left to try: the next one in the chain is asked, else the run ends. */
  | { readonly status: 'exhausted'; readonly reason: string; readonly usage?: Usage }
  | AgentFailure;

/** What `autoresearch check` says of an agent. */
export interface AgentCheck {
  /** Such as `claude 2.1.330` or `no model: named values`. */
  readonly found: string;
  /** How it signs in: `key in ANTHROPIC_API_KEY`, `its own login`, `not needed`. */
  readonly login: string;
  /** How it is restricted to the scope before the engine checks the diff. */
  readonly scope: string;
}

/**
 * An agent that has agents of its own, its members. The engine creates and asks them, each with its own settings, and
 * records name the one that proposed. A change that crashed goes back to the one that made it, without asking for an order.
 */
export interface Team extends Lifecycle {
  /**
   * Which members are asked for this experiment, the first one first: the next one is asked where one has no proposal.
   * A member that is left out is not asked. The same brief and history must give the same order, so that a resumed run
   * goes on as it would have without the interruption.
   * @param members names, in the order of the config; never empty
   */
  order(members: readonly string[], brief: Brief): readonly string[];
}

export interface Agent extends Lifecycle {
  /** Edits files below `brief.cwd`. What was changed is read from git, never from the answer. */
  propose(brief: Brief): Promise<AgentResult>;
  /** Exactly what it would send for this brief; absent where it sends nothing to a model. */
  prompt?(brief: Brief): Promise<string>;
  /** How often it is asked to fix a crashed change of its own, unless the config says; absent if it cannot. */
  readonly fixAttempts?: number;
  /** Looks what is installed, for `autoresearch check`; starts no model. */
  check?(): Promise<AgentCheck>;
}
