/** Comparisons as the page shows them. */
import type { PageHead } from './model.ts';

/** A label with the value of this run and of the other one. */
export type ComparedLine = readonly [name: string, ours: string, theirs: string];

/** From the files of one commit to those of another. */
export interface Between {
  /** Named constants that differ. */
  readonly knobs: readonly ComparedLine[];
  readonly diff: string;
  /** Lines of the diff that are not here. */
  readonly diffLeft: number;
}

export interface RunComparison {
  readonly other: PageHead;
  readonly lines: readonly ComparedLine[];
  /** What differs of the configs, by path. */
  readonly settings: readonly ComparedLine[];
  /** Of the two incumbents; null where one of them has no commit. */
  readonly between: Between | null;
}
