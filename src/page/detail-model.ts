/** One experiment whole, as the page shows it. */
import type { Curve, Direction, Judgement, SettledExperiment, Trial } from '../experiment.ts';
import type { PageDecision, PageRow } from './model.ts';

export type PageTrial = Omit<Trial, 'curves' | 'items' | 'evaluation' | 'state'>;

export interface NamedCurve {
  readonly metric: string;
  /** Which trial, from 0. */
  readonly trial: number;
  readonly points: Curve;
}

export interface PageDetail {
  readonly row: PageRow;
  readonly direction: Direction;
  readonly reason: SettledExperiment['reason'];
  readonly title: string;
  readonly hypothesis: string;
  readonly rationale: string;
  readonly risks: readonly string[];
  readonly hints: readonly string[];
  readonly expected: { readonly delta?: number; readonly confidence?: number } | null;
  readonly estimate: string;
  readonly belief: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  readonly judgements: readonly (Pick<Judgement, 'gate' | 'outcome' | 'code' | 'reason'> & { readonly evidence: string })[];
  readonly trials: readonly PageTrial[];
  /** Trials of the incumbent in turns with these. */
  readonly beside: readonly PageTrial[];
  readonly curves: readonly NamedCurve[];
  /** The incumbent that it was compared with. */
  readonly incumbent: { readonly id: number; readonly score: number; readonly curves: readonly NamedCurve[] } | null;
  readonly changes: readonly { readonly path: string; readonly kind: string }[];
  readonly diff: string;
  /** Lines of the diff that are not here. */
  readonly diffLeft: number;
  /** The end of it, of a crash. */
  readonly log: string;
  /** What the trial printed in lines that begin with `sample:`, of a change that was kept or parked. */
  readonly samples: readonly string[];
  readonly decisions: readonly PageDecision[];
  /** May a person decide on it? */
  readonly isReviewable: boolean;
  readonly parent: string;
  readonly candidate: string | null;
  readonly startedAt: string;
  readonly settledAt: string;
  /** Words on who proposed it and what that took. */
  readonly origin: string;
}
