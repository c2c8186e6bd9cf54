import type { Reason, Trial } from '../experiment.ts';
import type { Effect, Interval } from '../model/ablation.ts';

/** What each kept change contributes, measured by leaving it out. */
export interface AblationRecord {
  readonly v: 1;
  readonly kind: 'ablation';
  readonly at: string;
  readonly final: { readonly id: number; readonly commit: string };
  readonly effects: readonly Effect[];
  /** The branch without changes that contribute nothing, if it was built, against the final commit. */
  readonly lean: {
    readonly branch: string;
    readonly commit: string;
    readonly dropped: readonly number[];
    readonly change: Interval;
  } | null;
  readonly trials: readonly Trial[];
  readonly text: string;
}

/** What a condition of the config showed. */
export interface TransferFinding {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeout?: string;
  /** Null where it could not be measured. */
  readonly change: Interval | null;
  readonly shown: 'gain' | 'loss' | 'none' | 'failed';
  readonly failure?: Reason;
  readonly trials: readonly Trial[];
}

/** The final commit against the anchor, under other conditions than the loop's. */
export interface TransferRecord {
  readonly v: 1;
  readonly kind: 'transfer';
  readonly at: string;
  readonly final: { readonly id: number; readonly commit: string };
  readonly anchor: { readonly id: number; readonly commit: string };
  readonly conditions: readonly TransferFinding[];
  readonly text: string;
}
