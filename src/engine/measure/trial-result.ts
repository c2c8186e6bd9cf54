import type { CommittedExperiment } from '../../experiment.ts';
import type { Suspicion } from './shared-seals.ts';

export interface TrialResult {
  /** The experiment with this trial added. */
  readonly experiment: CommittedExperiment;
  readonly log: string;
  /** Why there is nothing to score, when there is not. */
  readonly failure: { readonly verdict: 'crash' | 'discard'; readonly reason: Suspicion } | null;
}
