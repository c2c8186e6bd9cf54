/** What an agent wants to try, in its words, and what asking it took. */
import type { Scalar } from './scalar.ts';

/** What agents used for one experiment, failed tries included. */
export interface Usage {
  /** Requests to a model service. */
  readonly requests?: number;
  /** All input tokens, cached ones included. */
  readonly inputTokens?: number;
  /** Those of them that the service had in its cache. */
  readonly cachedTokens?: number;
  readonly outputTokens?: number;
  readonly usd?: number;
  /** Who counted: the engine's meter between agent and service, or the agent itself. */
  readonly source?: 'meter' | 'agent';
}

/** An agent that was asked before, and had no proposal. */
export interface Declined {
  readonly agent: string;
  /** The kind of its failure, or that it was exhausted. */
  readonly kind: string;
  readonly seconds: number;
  /** Its part of the usage of the proposal. */
  readonly usage?: Usage;
}

/** Where a proposal's text came from; `engine` is the baseline, and `import` the log of another tool. */
export type ReportSource = 'schema' | 'tool' | 'file' | 'fenced' | 'derived' | 'engine' | 'import';

/** What the agent wants to try, and why. */
export interface Proposal {
  readonly title: string;
  readonly hypothesis: string;
  readonly rationale: string;
  readonly risks: readonly string[];
  readonly agent: string;
  readonly source: ReportSource;
  /** The values an agent of named parameters chose, so that it can learn from the record. */
  readonly params?: Readonly<Record<string, Scalar>>;
  /** The effect the agent predicts: change of the score, and how sure it is (0 to 1). */
  readonly expected?: { readonly delta?: number; readonly confidence?: number };
  /** How long agents were at work on it, and waited for; absent in older records, and where no agent was asked. */
  readonly seconds?: number;
  readonly usage?: Usage;
  /** Agents that were asked first and failed, with what they used. */
  readonly declined?: readonly Declined[];
  /** What the human said through `autoresearch steer`, as it was put into the prompt. */
  readonly hints?: readonly string[];
  /** The model that was asked, where the agent knows it. */
  readonly model?: string;
}
