import type { CommittedExperiment, Reason } from '../../experiment.ts';

export interface TrialResult {
  /** The experiment with this trial added. */
  readonly experiment: CommittedExperiment;
  readonly log: string;
  /** Why there is nothing to score, when there is not. */
  readonly failure: { readonly verdict: 'crash' | 'discard'; readonly reason: Reason } | null;
}
