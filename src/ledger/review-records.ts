import type { Reviewer } from '../contract/decisions.ts';
import type { Interval } from '../model/ablation.ts';
import type { Trial } from '../experiment.ts';

export type { Reviewer };

export const DECISIONS = ['approve', 'reject', 'ask'] as const;
export type Decision = (typeof DECISIONS)[number];

/** A human's decision on one experiment; the last one counts. */
export interface ReviewRecord {
  readonly v: 1;
  readonly kind: 'review';
  readonly at: string;
  readonly experiment: number;
  /** The commit that was decided on. */
  readonly candidate: string;
  readonly decision: Decision;
  /** Why; of `ask` the question. May be empty. */
  readonly note: string;
  readonly by: Reviewer;
  /** Its name in the queue, if a process worked on the run when it was made. */
  readonly id?: string;
}

/** A person paused the run, let it go on, or stopped it, while a process worked on it. */
export interface CommandRecord {
  readonly v: 1;
  readonly kind: 'command';
  /** When it was asked for. */
  readonly at: string;
  readonly command: 'pause' | 'resume' | 'stop';
  readonly note: string;
  readonly by: Reviewer;
  /** Its name in the queue. */
  readonly id: string;
}

/** An approved change on the promoted branch. */
export interface PromotedChange {
  readonly experiment: number;
  readonly candidate: string;
  /** Its commit on the branch. */
  readonly commit: string;
  /** The ledger entry of the decision. */
  readonly review: string;
}

/** An approved change that is not on it, and why. */
export interface LeftOut {
  readonly experiment: number;
  readonly candidate: string;
  readonly why: 'conflict' | 'already there';
  /** Paths from the repository's top that could not be merged. */
  readonly paths: readonly string[];
  /** Promoted changes that touch the same paths. */
  readonly conflictsWith: readonly number[];
  /** Kept changes that it was made on, that touch the same paths, and that are not on the branch. */
  readonly needs: readonly number[];
  readonly text: string;
}

/** The promoted branch measured against what it was put onto. */
export interface PromotionAudit {
  readonly trials: { readonly promoted: readonly Trial[]; readonly onto: readonly Trial[] };
  /** The gain, positive when it is one; null where too little could be measured. */
  readonly change: Interval | null;
  readonly shown: 'gain' | 'none' | 'loss';
  /** Guards that failed on the fresh trials, or why they could not be made. */
  readonly failures: readonly string[];
  readonly text: string;
}

/** A branch built of approved changes only. */
export interface PromotionRecord {
  readonly v: 1;
  readonly kind: 'promotion';
  readonly at: string;
  readonly by: Reviewer;
  readonly branch: string;
  /** The commit the changes were put onto. */
  readonly onto: string;
  /** The last commit of the branch. */
  readonly commit: string;
  readonly changes: readonly PromotedChange[];
  readonly leftOut: readonly LeftOut[];
  readonly audit: PromotionAudit | null;
}
