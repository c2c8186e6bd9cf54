import type { CommittedExperiment } from '../../experiment.ts';
import { scored } from '../../model/experiment-states.ts';
import { judgeControl } from './control.ts';
import type { Run } from '../engine.ts';
import { collectJudgements } from './judgements.ts';
import type { Outcome } from './outcome.ts';
import { needsAnotherBaseline, scoreInLoop } from './loop-score.ts';
import { seedText } from '../measure/seeds.ts';
import { baselineProblem } from './slot-record.ts';
import { decide } from './verdict.ts';

/** Computes the score of all trials, asks every gate for a judgement, and combines them to a verdict. */
export async function judge(run: Run, experiment: CommittedExperiment): Promise<Omit<Outcome, 'experiment'> | 'more'> {
  const { config, hooks, state, improvementGates, emit } = run;
  const slot = experiment.trials.at(-1)?.slot ?? '';
  emit({ type: 'stage-changed', experiment: experiment.id, slot, stage: 'judge', subject: experiment.kind });
  const score = await scoreInLoop(hooks, experiment, state);
  if (state.incumbent === null) {
    // Where the config says how often the baseline is measured, it is not measured more often.
    if (config.noise.baselines === undefined && (await needsAnotherBaseline(hooks, experiment, state))) return 'more';
    return { verdict: 'keep', reason: { code: 'BASELINE', text: `the starting point${seedText(score.seeds)}` }, score };
  }
  if (experiment.kind === 'control') return judgeControl(run, experiment, score);
  const problem = score.beside ? null : baselineProblem(experiment.trials[0] ?? {}, state.history);
  if (problem !== null) return { verdict: 'discard', reason: problem, score };
  const judgements = collectJudgements(score);
  await hooks.judge.promise(scored(experiment, score), state.view, judgements);
  const decision = decide(judgements.list, improvementGates);
  return decision === 'more' ? decision : { ...decision, score, judgements: judgements.list };
}
