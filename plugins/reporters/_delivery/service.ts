import type { Audit, RunEnd, RunView, SettledExperiment, Summary } from '../../../src/plugin.ts';
import type { LivePoint } from './live.ts';

/** One experiment that a service has not got yet. */
export interface DueExperiment {
  readonly run: RunView;
  readonly summary: Summary;
  /** Its place in the history: 0, 1, 2 … without gaps. */
  readonly at: number;
  /** Nothing was ever sent of it: it was settled in this session, and this is the first try. */
  readonly isNew: boolean;
  /** The whole record: from memory, or from the ledger. */
  record(): Promise<SettledExperiment>;
}

/**
 * Where a run is reported to. Every method may be called again for the same thing, after a failure, an outage or a kill: the
 * second time must change nothing. It throws `TryAgain` or `Refused`; any other error counts as the first.
 * False means that there was nothing to tell.
 */
export interface Service {
  /**
   * Finds the run there, or makes it. Called before anything is told, and again after a failure. A service that may have lost
   * what it took gives the number of experiments it has; the telling goes on from there.
   */
  open?(run: RunView, signal: AbortSignal): Promise<number | void>;
  experiment(due: DueExperiment, signal: AbortSignal): Promise<false | void>;
  audit(audit: Audit, index: number, run: RunView, signal: AbortSignal): Promise<false | void>;
  /** Shows points of a trial that runs, at most once each: an error leaves them out. It may be told of something else at the same time. False: it is not open yet. */
  live?(points: readonly LivePoint[], signal: AbortSignal): Promise<false | void>;
  /** The session ends, once everything else is told. Not made up for later. */
  end?(run: RunView, end: RunEnd, signal: AbortSignal): Promise<false | void>;
  close?(): Promise<void> | void;
}

/** Worth another try, at the earliest after this many milliseconds. */
export class TryAgain extends Error {
  readonly afterMs: number;

  constructor(why: string, afterMs = 0) {
    super(why);
    this.afterMs = afterMs;
  }
}

/** The service will never take it: it is left out. */
export class Refused extends Error {
  readonly status: number;
  readonly body: string;

  constructor(why: string, status = 0, body = '') {
    super(why);
    this.status = status;
    this.body = body;
  }
}
