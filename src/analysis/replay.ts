import type { ScoredExperiment, SettledExperiment } from '../experiment.ts';
import type { RunRecord } from '../ledger/read.ts';
import { asScored } from '../model/experiment-states.ts';
import type { RunState } from '../model/run-state.ts';

interface Replayed {
  readonly experiment: SettledExperiment;
  /** As its gates saw it; null if it had no score. */
  readonly scored: ScoredExperiment | null;
  /** Was it judged by gates? The baseline and controls are not. */
  readonly isJudged: boolean;
}

/**
 * Goes through a recorded run as it was decided: while the caller looks at an experiment, `state` is what it was when that
 * experiment was judged. What was kept in the run stays kept, whatever the caller finds.
 */
export async function* replay(
  state: RunState,
  { sessions }: Pick<RunRecord, 'sessions'>,
  experiments: AsyncIterable<SettledExperiment>,
): AsyncGenerator<Replayed> {
  const audits = sessions.filter((session) => session.kind === 'audit');
  for await (const experiment of experiments) {
    const scored = asScored(experiment);
    yield { experiment, scored, isJudged: scored !== null && state.incumbent !== null && experiment.kind !== 'control' };
    state.settle(experiment);
    for (const { after, audit } of audits) if (after === experiment.id) state.settleAudit(audit);
  }
}
