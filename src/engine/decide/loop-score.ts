import { deepFreeze, type CommittedExperiment, type Score, type SeedRecord } from '../../experiment.ts';
import type { HookTable } from '../../hooks.ts';
import { isDoubtful, outlying } from '../../stats.ts';
import type { RunState } from '../../model/run-state.ts';
import { scoreOf } from './score.ts';
import { seedRecordOf } from '../measure/seeds.ts';

type Hooks = Pick<HookTable, 'score'>;

/** From so many trials of the baseline on, another one would not help. */
const MOST_BASELINES = 5;

/** The score of an experiment of the loop: without trials that are far off the others, and with what its seeds do. */
export async function scoreInLoop(hooks: Hooks, experiment: CommittedExperiment, state: RunState): Promise<Score> {
  const { trials, beside } = experiment;
  const isAsked = trials.length > 1 || state.seeds?.rule === 'shared';
  if (state.rules < 2 || beside !== undefined || !isAsked) return scoreOf(hooks, experiment, state.view);
  const scores = await trialScores(hooks, experiment, state);
  const seeds = seedRecordOf(state, trials, scores);
  const known = state.noise ? { ...state.noise, seen: state.history.some(({ setAside }) => setAside !== undefined) } : undefined;
  const aside = isComparable(seeds) ? outlying(scores, known) : [];
  const left = trials.filter((_, index) => !aside.includes(index));
  const score = await scoreOf(hooks, deepFreeze({ ...experiment, trials: left }), state.view);
  if (aside.length === 0) return seeds === undefined ? score : { ...score, seeds };
  // The noise is estimated from the trials that are left.
  const rest = left.length - 1;
  const record = seeds && { ...seeds, independent: left.length, squares: score.spread ** 2 * rest, df: rest };
  return { ...score, setAside: aside.map((index) => ({ index, score: scores[index] ?? NaN })), ...(record && { seeds: record }) };
}

/** Does the baseline need another trial before it is believed: one is far off, or two that share a seed agree too well? */
export async function needsAnotherBaseline(hooks: Hooks, experiment: CommittedExperiment, state: RunState): Promise<boolean> {
  const { trials } = experiment;
  if (state.rules < 2 || trials.length < 3 || trials.length >= MOST_BASELINES || experiment.beside) return false;
  const scores = await trialScores(hooks, experiment, state);
  const seeds = seedRecordOf(state, trials, scores);
  if (seeds?.rule === 'check') return trials.length === 3;
  return seeds?.rule !== 'shared' && isDoubtful(scores);
}

/** Where a seed has an effect of its own, trials on different seeds are no repeats of each other. */
function isComparable(seeds: SeedRecord | undefined): boolean {
  return seeds === undefined || seeds.rule === 'fresh';
}

async function trialScores(hooks: Hooks, experiment: CommittedExperiment, state: RunState): Promise<number[]> {
  const scores: number[] = [];
  for (const trial of experiment.trials) scores.push((await scoreOf(hooks, { ...experiment, trials: [trial] }, state.view)).value);
  return scores;
}
