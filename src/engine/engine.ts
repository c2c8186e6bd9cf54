import type { Config } from '../config/types.ts';
import type { HandedData } from '../data/hand-over.ts';
import type { Emit } from '../events/stream.ts';
import type { PointOf } from '../events/trial-output.ts';
import type { Worktree } from '../git/worktree.ts';
import type { HookTable } from '../hooks.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { WriteAhead } from '../ledger/wal.ts';
import type { Brief, Log } from '../plugin.ts';
import type { Redact } from '../redact.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { AgentChain } from './propose/ask-agent.ts';
import type { Evaluator } from './measure/evaluator.ts';
import type { ObjectCare } from './decide/object-care.ts';
import type { RunState } from '../model/run-state.ts';
import type { Seals } from './measure/seals.ts';

/** Everything the loop works with, made by run.ts and ended by it. */
export interface Engine {
  readonly config: Config;
  readonly hooks: HookTable;
  readonly state: RunState;
  readonly ledger: Ledger;
  readonly wal: WriteAhead;
  readonly objects: ObjectCare;
  readonly worktree: Worktree;
  readonly sandbox: Sandbox;
  readonly redact: Redact;
  readonly seals: Seals;
  /** The rows of the config's data files; null where it names none. */
  readonly data: HandedData | null;
  /** Measures in a stage of its own, where the config has one. */
  readonly evaluator: Evaluator | null;
  readonly slot: string;
  /** The commit the run started from. */
  readonly base: string;
  /** Folder of the run's own files: logs, scratch, results. */
  readonly runDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly scope: Brief['scope'];
  readonly improvementGates: ReadonlySet<string>;
  /** Does a gate judge against noise? */
  readonly needsNoise: boolean;
  /** State shared by the agents' taps and the loop. */
  readonly chain: AgentChain;
  readonly log: Log;
  /** Tells what happens to reporters and other processes. It never throws, and nothing waits for it. */
  readonly emit: Emit;
  /** By metric, those that read points of their curves from a running trial's output. */
  readonly curves: ReadonlyMap<string, PointOf>;
  readonly signal: AbortSignal;
  readProgram(): string;
  /** The recorded end of an experiment's log; empty if there is none. */
  readLog(id: number): Promise<string>;
  /** False if somebody has the run's branch checked out, or has added own commits to it. */
  mayMoveBranch(commit: string): Promise<boolean>;
  /** A file of the user's folder that a trial lacked, judging by its output; null if there is none. */
  diagnose(output: string): Promise<string | null>;
  /** Moves the branch back to an earlier keep. */
  rewindBranch(commit: string): Promise<void>;
}

/** What a trial needs of it, in the loop and outside. */
export type TrialEngine = Pick<
  Engine,
  | 'config'
  | 'needsNoise'
  | 'hooks'
  | 'state'
  | 'worktree'
  | 'sandbox'
  | 'seals'
  | 'data'
  | 'evaluator'
  | 'slot'
  | 'runDir'
  | 'env'
  | 'emit'
  | 'curves'
  | 'signal'
>;
