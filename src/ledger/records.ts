import type { Config } from '../config/types.ts';
import type { DataSummary } from '../data/hand-over.ts';
import type { Direction, Reason, SettledExperiment, Usage } from '../experiment.ts';
import type { Audit, KnownNoise } from '../contract/run-view.ts';
import type { PluginRecord } from '../plugins/load.ts';
import type { AblationRecord, TransferRecord } from './analysis-records.ts';
import type { CommandRecord, PromotionRecord, ReviewRecord } from './review-records.ts';
import type { LeftRecord, NodeFacts, SyncedRecord } from './swarm-records.ts';
import type { Layer } from '../sandbox/probe.ts';
import { trustOf, type TrustLevel } from '../trust.ts';

/** The first record of a run: everything needed to go on with it elsewhere. */
export interface OpeningRecord {
  readonly v: 1;
  readonly kind: 'opened';
  readonly run: string;
  /** The commit the run started from. */
  readonly base: string;
  readonly at: string;
  readonly engine: string;
  readonly node: string;
  readonly host: string;
  readonly platform: string;
  /** The project's folder relative to the repository's top. */
  readonly projectPrefix: string;
  readonly config: Config;
  readonly objective: { readonly label: string; readonly direction: Direction };
  readonly plugins: readonly PluginRecord[];
  /** The sandbox of agents and trainers. */
  readonly sandbox?: Layer;
  /** How far the run's number can be trusted. */
  readonly trust?: TrustLevel;
  /** The set of decision rules the run keeps to its end; a record without it was started with set 1. */
  readonly rules?: number;
  /** What was known of the noise before the first trial. */
  readonly noise?: KnownNoise;
  /** The config's data files as they were read. */
  readonly data?: readonly DataSummary[];
  /** Where the numbers are from, if not from this engine. */
  readonly imported?: Imported;
  /** Where several nodes work on the run: which of them this is. */
  readonly swarm?: NodeFacts;
}

/** The log of another tool from which the run was made: this engine did not measure its numbers. */
export interface Imported {
  /** The file's name, without its folder. */
  readonly file: string;
  readonly sha256: string;
  readonly rows: number;
  /** How many of their commits the repository has. */
  readonly commits: number;
  readonly branch: string | null;
}

/** A later session of the same run began. */
export interface ResumedRecord {
  readonly v: 1;
  readonly kind: 'resumed';
  readonly at: string;
  readonly engine: string;
  readonly node: string;
  readonly host: string;
  /** The budget in force from here on. */
  readonly budget: Config['budget'];
  readonly sandbox?: Layer;
  readonly trust?: TrustLevel;
  readonly data?: readonly DataSummary[];
}

/** A session ended, in good order. */
export interface StoppedRecord {
  readonly v: 1;
  readonly kind: 'stopped';
  readonly at: string;
  readonly outcome: 'stopped' | 'interrupted' | 'failed';
  readonly reason: Reason;
  /** What agents used for a proposal that never came. */
  readonly usage?: Usage;
  /** Numbers that were given to experiments that were never decided. */
  readonly unused?: readonly number[];
}

/** The gain of the run, measured again. */
export interface AuditRecord {
  readonly v: 1;
  readonly kind: 'audit';
  /** The last experiment settled before it. */
  readonly after: number;
  readonly audit: Audit;
}

export type SessionRecord =
  | OpeningRecord
  | ResumedRecord
  | StoppedRecord
  | AuditRecord
  | AblationRecord
  | TransferRecord
  | ReviewRecord
  | CommandRecord
  | PromotionRecord
  | SyncedRecord
  | LeftRecord;
export type LedgerRecord = SessionRecord | SettledExperiment;

/** Of a run; runs of earlier versions did not write it down. Null where the numbers are another loop's. */
export function trustOfRun({
  trust,
  config,
  sandbox,
  imported,
}: OpeningRecord | Omit<OpeningRecord, 'v' | 'kind' | 'projectPrefix'>): TrustLevel | null {
  return imported === undefined ? (trust ?? trustOf(config, sandbox ?? 'none').level) : null;
}

/** The commits that an entry keeps reachable, as its parents after the entry before. */
export function keptAlive(record: LedgerRecord): readonly string[] {
  if (isExperiment(record)) return commitsOf(record);
  if (record.kind === 'synced') return Object.values(record.seen);
  return record.kind === 'promotion' ? [record.commit] : [];
}

export function isExperiment(record: LedgerRecord): record is SettledExperiment {
  return 'state' in record;
}

/** The commits of an experiment: the one that was judged, those that crashed before it, and those it was moved from. */
export function commitsOf(experiment: SettledExperiment): string[] {
  return [...(experiment.candidate === null ? [] : [experiment.candidate]), ...commitsBefore(experiment)];
}

/** Commits of an experiment that no branch or HEAD stays at. */
export function commitsBefore({ crashed = [], moved = [] }: Pick<SettledExperiment, 'crashed' | 'moved'>): string[] {
  return [...crashed, ...moved].map(({ candidate }) => candidate);
}
