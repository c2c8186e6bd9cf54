import { AutoresearchError } from '../../errors.ts';
import type { CommittedExperiment, Judgement, ProposedExperiment, Reason, Score, Verdict } from '../../experiment.ts';
import { ReasonError } from '../../plugin.ts';

/** An experiment with its verdict, before it is in the ledger. */
export interface Outcome {
  readonly experiment: CommittedExperiment | ProposedExperiment;
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly score?: Score;
  readonly judgements?: readonly Judgement[];
  readonly log?: string;
}

/** The reason of a crash verdict if a plugin failed; other errors are thrown again. */
export function crashOf(error: unknown): Reason {
  if (error instanceof ReasonError) return { code: error.code, text: error.message };
  if (error instanceof AutoresearchError && error.code === 'PLUGIN_FAILED') {
    return {
      code: error.code,
      text: `[plugin ${error.plugin}] ${error.hook}: ${error.message}${error.path === undefined ? '' : ` (${error.path})`}`,
    };
  }
  throw error;
}
