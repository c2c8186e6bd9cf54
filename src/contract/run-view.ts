/** What plugins may know of the run. */
import type { Direction, Reason, Scalar, SettledExperiment, Verdict } from '../experiment.ts';

/** One settled experiment as the loop remembers it. */
export interface Summary {
  readonly id: number;
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly title: string;
  readonly agent: string;
  readonly params?: Readonly<Record<string, Scalar>>;
  readonly score: number | null;
  readonly delta: number | null;
  readonly parent: string;
  readonly candidate: string | null;
  readonly seconds: number;
  readonly usd?: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A read-only view of the run, always current. */
export interface RunView {
  readonly name: string;
  readonly seed: number;
  readonly objective: { readonly label: string; readonly direction: Direction };
  readonly baseline: SettledExperiment | null;
  readonly incumbent: SettledExperiment | null;
  /** Every settled experiment, oldest first. */
  readonly history: readonly Summary[];
  /** The baseline is not counted. */
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Experiments since the last keep, and crashes since the last experiment that did not crash. */
  readonly sinceKeep: number;
  readonly crashesInARow: number;
  /** Seconds and dollars used by settled experiments, over all sessions of the run. */
  readonly seconds: number;
  readonly usd: number;
  /** What the run may use in all; a limit that is not set is absent. */
  readonly budget: { readonly experiments?: number; readonly seconds?: number; readonly usd?: number };
}

/** How a run ended, for the last report. */
export interface RunEnd {
  readonly outcome: 'stopped' | 'interrupted' | 'failed';
  readonly reason: Reason;
}
