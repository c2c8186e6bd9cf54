/** What a swarm is made of: the ledgers of its nodes, as the fold reads them. Plain JSON. */
import type { Direction, Estimate, ExperimentKind, Verdict } from '../experiment.ts';
import type { Summary } from '../contract/run-view.ts';

/** A node's name: a letter, then at most 31 small letters, digits or dashes. */
export type NodeId = string;
/** An experiment of a node, such as `b2#41`. */
export type Origin = string;

/** What a node is allowed: `propose` lets its keeps count as claims, `confirm` lets its measurements confirm the claims of others. */
export type NodeRole = 'propose' | 'confirm';

/** A node that nodes.yaml lists. */
export interface ListedNode {
  readonly owner: string;
  /** Its ssh public key. */
  readonly key: string;
  readonly may: readonly NodeRole[];
}

/** How often a claim must be measured again before it counts, and by how many other owners. */
export interface ConfirmRule {
  readonly trials: number;
  readonly owners: number;
}

/** What all nodes of a swarm start from. */
export interface SwarmOpening {
  readonly run: string;
  /** The commit the run started from. */
  readonly base: string;
  readonly objective: { readonly label: string; readonly direction: Direction };
  readonly confirm: ConfirmRule;
  /** What is known of the noise: the standard deviation of one trial's score. */
  readonly sigma?: number;
  /** Whether nodes that are not listed may take part. What they find counts once listed nodes have confirmed it. */
  readonly open: boolean;
  readonly nodes: Readonly<Record<NodeId, ListedNode>>;
  /** What nodes that are not listed may do. With `confirm` their word counts like that of listed ones, with the owner that they name. */
  readonly guests?: 'claim' | 'confirm';
}

/** What a node wrote after a sync that brought something new: up to which commit of each other ledger it had read. */
export interface Synced {
  readonly kind: 'synced';
  readonly seen: Readonly<Record<NodeId, string>>;
}

/** An experiment that may measure what another node has found. */
export type SwarmSummary = Summary & {
  readonly origin?: Origin;
  /** Whether its files are exactly those of its origin. */
  readonly whole?: boolean;
};

/** One entry of a node's ledger, in its order. Records of a kind that the fold does not know keep their place, without content. */
export interface NodeEntry {
  readonly commit: string;
  /** When it was committed, by the clock of its machine: seconds since 1970. For people; nothing is decided by it. */
  readonly at: number;
  readonly record: SwarmSummary | Synced | { readonly kind: string };
}

/** Why something of a node does not count. */
export interface Problem {
  readonly code: string;
  readonly text: string;
}

/** A node's ledger, or the new part of it, with its signatures verified. */
export interface NodeChain {
  readonly id: NodeId;
  /** Of a node that nodes.yaml does not list: what it calls its owner. */
  readonly owner: string;
  readonly entries: readonly NodeEntry[];
  /** The commit before the first of `entries`; null where they begin with the ledger's first. */
  readonly after: string | null;
  readonly problems?: readonly Problem[];
}

/** A difference as it was measured, before any shrinkage, in units of the score and with its sign. */
export type Measured = NonNullable<Estimate['measured']>;

/** An experiment as the fold holds it. */
export interface SwarmExperiment {
  readonly node: NodeId;
  readonly id: number;
  /** The commit of its entry. */
  readonly entry: string;
  /** Its Lamport clock: larger than that of everything its node had seen. */
  readonly clock: number;
  /** Its place in the ledger of its node. */
  readonly position: number;
  readonly at: number;
  readonly kind: ExperimentKind;
  readonly verdict: Verdict;
  readonly code: string;
  readonly title: string;
  readonly agent: string;
  readonly key: string | null;
  readonly candidate: string | null;
  /** The experiments of the same node that it was made on, and that it was compared with; null for a baseline. */
  readonly basis: number | null;
  readonly incumbent: number | null;
  readonly origin: Origin | null;
  /** Whether its files are exactly those of its origin. */
  readonly whole: boolean;
  readonly hardware: string;
  readonly slot: string | null;
  readonly score: number | null;
  readonly delta: number | null;
  readonly n: number;
  readonly spread: number;
  readonly measured: Measured | null;
  readonly seconds: number;
}

/** `missed`: after others have measured it, a gain is no longer likely. `refuted`: what they measured is too far off to be chance. */
export type ClaimStatus = 'claimed' | 'confirmed' | 'missed' | 'refuted' | 'withdrawn';

/** A keep, as far as others can trust it. */
export interface Claim {
  readonly origin: Origin;
  readonly owner: string;
  readonly commit: string;
  readonly title: string;
  readonly hardware: string;
  readonly status: ClaimStatus;
  /** The effect from all measurements that count together, in units of the score and with its sign. */
  readonly effect: number;
  readonly sd: number;
  readonly pGain: number;
  /** Who measured it again, and what came of that. */
  readonly by: readonly { readonly origin: Origin; readonly owner: string; readonly supports: boolean }[];
}

/** A commit that all nodes know, with all the changes in it. */
export interface SwarmIncumbent {
  readonly origin: Origin;
  readonly commit: string;
  readonly hardware: string;
  /** The gain over the base, from the confirmed changes in it, in units of the score and with its sign, and the standard deviation of that. */
  readonly effect: number;
  readonly sd: number;
  /** The changes in it. */
  readonly changes: readonly Origin[];
}

/** What is known of a change that some node has tried: the same key means the same change on the same commit. */
export interface Tried {
  readonly origin: Origin;
  readonly verdict: Verdict;
  readonly code: string;
  readonly title: string;
  readonly score: number | null;
}

export interface NodeState {
  readonly id: NodeId;
  readonly owner: string;
  readonly isListed: boolean;
  readonly hardware: readonly string[];
  readonly experiments: number;
  readonly keeps: number;
  /** Its claims, by what other owners found. */
  readonly confirmed: number;
  readonly missed: number;
  readonly refuted: number;
  /** Its measurements of other nodes' claims that the rest of the swarm contradicted. */
  readonly contradicted: number;
  /** How far its claims and measurements are trusted, 0 to 1. */
  readonly weight: number;
  /** Experiments an hour, between its first and its last. */
  readonly perHour: number | null;
  readonly problems: readonly Problem[];
}

/** The state of the swarm: every node computes the same one from the same ledgers. */
export interface SwarmState {
  readonly run: string;
  /** Experiments in causal order. */
  readonly experiments: readonly SwarmExperiment[];
  readonly counts: Readonly<Record<Verdict, number>>;
  /** By class of hardware; '' where none is named. */
  readonly incumbents: Readonly<Record<string, SwarmIncumbent>>;
  readonly claims: readonly Claim[];
  readonly nodes: readonly NodeState[];
  /** Entries that wait for others that have not arrived. */
  readonly waiting: number;
}
