import type { Config } from '../config/types.ts';
import type { Repository } from '../git/repository.ts';
import type { SignEntry } from '../ledger/ledger.ts';
import type { OpeningRecord } from '../ledger/records.ts';
import type { NodeFacts, SyncedRecord } from '../ledger/swarm-records.ts';
import type { Log } from '../plugin.ts';
import type { OfferSource } from './propose/offer.ts';

/** The other nodes that work on the same run, as the engine sees them. But for `reserve`, nothing here waits for a network. */
export interface Others extends OfferSource {
  /** What this node's ledger says of itself in its first entry. */
  readonly facts: NodeFacts;
  readonly sign: SignEntry;
  /** How many trials a measurement of another node's change takes. */
  readonly trials: number;
  /** What was tried elsewhere, for an agent: lines of text, at most about so many characters; empty where there is nothing. */
  digest(characters: number): Promise<string>;
  /** What came of the same change on the same commit elsewhere, in words; null where nobody has tried it. */
  twin(key: string): Promise<string | null>;
  /**
   * Tells the others that this change is about to be measured here. In words whose it is where another node was first, else null.
   * It waits for the remote, but for some seconds at most.
   */
  reserve(change: { readonly key: string; readonly title: string }): Promise<string | null>;
  /** An experiment was settled: a sync may begin, beside the loop. */
  settled(): void;
  /** What was heard of others since the last time, for the ledger; null where that is nothing. */
  takeNews(): Promise<SyncedRecord | null>;
  /** Brings the end of the ledger to the remote, within a bounded time. */
  close(): Promise<void>;
}

/** What a node is made from, once a run's folder is locked. */
export interface JoinInput {
  readonly repository: Repository;
  readonly run: string;
  readonly runDir: string;
  readonly config: Config;
  readonly base: string;
  readonly objective: OpeningRecord['objective'];
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Meets the other nodes of a run; null where it has none. */
export type JoinOthers = (input: JoinInput) => Promise<Others | null>;
