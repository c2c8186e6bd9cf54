import type { Config } from '../config/types.ts';
import type { HandedData } from '../data/hand-over.ts';
import type { Emit } from '../events/stream.ts';
import type { PointOf } from '../events/trial-output.ts';
import type { HookTable } from '../hooks.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { WriteAhead } from '../ledger/wal.ts';
import type { RunState } from '../model/run-state.ts';
import type { Brief, Log } from '../plugin.ts';
import type { Redact } from '../redact.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { FirstBaseline } from './decide/first-baseline.ts';
import type { LateGains } from './decide/late.ts';
import type { ObjectCare } from './decide/object-care.ts';
import type { Others } from './others.ts';
import type { Flight } from './flight.ts';
import type { AgentChain } from './propose/agent-chain.ts';
import type { Hints } from './propose/hints.ts';
import type { OfferSource } from './propose/offer.ts';
import type { ChosenPlan } from './slots/pace.ts';
import type { Workplaces } from './slots/workplaces.ts';
import type { Quiet } from './slots/quiet.ts';
import type { Slot } from './slots/desk.ts';
import type { Turns } from '../turns.ts';

/** What a run owns and everything in flight shares, made by session.ts and ended by it. */
export interface Run {
  readonly config: Config;
  readonly hooks: HookTable;
  readonly state: RunState;
  readonly ledger: Ledger;
  readonly wal: WriteAhead;
  /** The other nodes that work on the run; null where there are none. */
  readonly others: Others | null;
  readonly objects: ObjectCare;
  readonly sandbox: Sandbox;
  readonly redact: Redact;
  /** The rows of the config's data files; null where it names none. */
  readonly data: HandedData | null;
  /** The commit the run started from. */
  readonly base: string;
  /** Folder of the run's own files: logs, scratch, results. */
  readonly runDir: string;
  readonly scope: Brief['scope'];
  readonly improvementGates: ReadonlySet<string>;
  /** Does a gate judge against noise? */
  readonly needsNoise: boolean;
  readonly chain: AgentChain;
  /** Is the agent with this label asked to mend its changes? */
  mends(agent: string): boolean;
  readonly hints: Hints;
  readonly baseline: FirstBaseline;
  /** What the record says of changes whose basis was no longer the incumbent. */
  readonly late: LateGains;
  /** Sources of changes that are commits already, in the order in which they are asked. */
  readonly offers: readonly OfferSource[];
  readonly flight: Flight;
  /** Names of all slots. */
  readonly slots: readonly string[];
  readonly workplaces: Workplaces;
  /** What is decided, one thing at a time: nothing else writes the ledger, the state or the branch. */
  readonly decisions: Turns;
  /** Runs work beside other work, or alone. */
  readonly quiet: Quiet;
  /** How many slots are filled and how much is proposed ahead, as the record now suggests. */
  plan(): ChosenPlan;
  readonly log: Log;
  /** Tells what happens to reporters and other processes. It never throws, and nothing waits for it. */
  readonly emit: Emit;
  /** By metric, the function that reads a point of its curve from a line of a running trial. */
  readonly curves: ReadonlyMap<string, PointOf>;
  readonly signal: AbortSignal;
  readProgram(): string;
  /** The recorded end of an experiment's log; empty if there is none. */
  readLog(id: number): Promise<string>;
  /** A commit with the files of `measured`, on top of the incumbent. */
  adopt(measured: string): Promise<string>;
  /** False if somebody has the run's branch checked out, or has added own commits to it. */
  mayMoveBranch(commit: string): Promise<boolean>;
  /** A file of the user's folder that a trial lacked, judging by its output; null if there is none. */
  diagnose(output: string): Promise<string | null>;
  /** Moves the branch back to an earlier keep. */
  rewindBranch(commit: string): Promise<void>;
}

/** What a trial needs, in the loop and outside. */
export interface TrialEngine extends Pick<
  Run,
  'config' | 'needsNoise' | 'hooks' | 'state' | 'sandbox' | 'data' | 'runDir' | 'emit' | 'curves' | 'signal'
> {
  readonly slot: Slot;
}
