import type { CommittedExperiment, Score, Trial } from '../../experiment.ts';
import type { HookTable } from '../../hooks.ts';
import { ReasonError, type RunView } from '../../plugin.ts';
import { standardDeviation } from '../../stats.ts';

/** The objective's one number for all trials, with the incumbent's beside it where trials are interleaved. */
export async function scoreOf(hooks: Pick<HookTable, 'score'>, experiment: CommittedExperiment, run: RunView): Promise<Score> {
  const ask = async (trials: readonly Trial[]): Promise<Score> => {
    const score = await hooks.score.promise({ ...experiment, trials }, run);
    if (score === undefined) throw new ReasonError('NO_OBJECTIVE', 'no objective answered with a score');
    if (!Number.isFinite(score.value)) throw new ReasonError('SCORE_NOT_FINITE', `the score is ${score.value}, not a finite number`);
    return score;
  };
  const score = await ask(experiment.trials);
  const { beside } = experiment;
  if (beside === undefined) return score;
  const differences: number[] = [];
  for (const [index, trial] of experiment.trials.entries()) {
    const other = beside[index];
    if (other) differences.push((await ask([trial])).value - (await ask([other])).value);
  }
  const spread = differences.length > 1 ? standardDeviation(differences) : 0;
  return { ...score, beside: { value: (await ask(beside)).value, spread } };
}
