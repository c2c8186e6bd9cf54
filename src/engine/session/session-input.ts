import type { ReadData } from '../../data/read-data.ts';
import type { Repository } from '../../git/repository.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { RunState } from '../../model/run-state.ts';
import type { Log } from '../../plugin.ts';
import type { Others } from '../others.ts';
import type { Assembly } from './assemble.ts';

/** What a session works with, of a run whose lock is held. */
export interface SessionInput {
  readonly assembly: Assembly;
  readonly repository: Repository;
  readonly ledger: Ledger;
  readonly state: RunState;
  readonly base: string;
  readonly runDir: string;
  readonly data: readonly ReadData[];
  /** Names of all slots. */
  readonly slots: readonly string[];
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The other nodes that work on the run; null where there are none. */
  readonly others: Others | null;
  readonly isResumed: boolean;
  /** Names of decisions that are in the ledger. */
  readonly taken: Set<string>;
  /** Decisions that were made before the session began, by the names of `queuedIds`. */
  readonly queuedBefore: ReadonlySet<string>;
}
