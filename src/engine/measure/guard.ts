import { deepFreeze, type CommittedExperiment, type Judgement } from '../../experiment.ts';
import type { HookTable } from '../../hooks.ts';
import type { RunView } from '../../plugin.ts';
import { collectJudgements } from '../decide/judgements.ts';
import { scoreOf } from '../decide/score.ts';

/** Checks fresh trials with the objective's constraints and the gates that protect something. */
export async function guard(hooks: HookTable, experiment: CommittedExperiment, run: RunView): Promise<readonly Judgement[]> {
  const score = await scoreOf(hooks, experiment, run);
  const judgements = collectJudgements(score);
  await hooks.guard.promise(deepFreeze({ ...experiment, state: 'scored', score }), run, judgements);
  return judgements.list;
}
