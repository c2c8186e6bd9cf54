/** Trials of several commits in turns, and what they show. */
import type { Trial } from '../experiment.ts';
import type { Measurer } from '../engine/measure/measurer.ts';
import type { Arm } from '../model/ablation.ts';

/** One trial of each commit with the same seed, in reverse order in every second round: so a machine that becomes slower affects all of them. */
export async function measureRound(
  measurer: Pick<Measurer, 'measure'>,
  commits: readonly string[],
  { firstSeed, round }: { readonly firstSeed: number; readonly round: number },
  onTrial: (trial: Trial) => void,
): Promise<void> {
  for (const commit of round % 2 === 0 ? commits : commits.toReversed()) onTrial(await measurer.measure(commit, firstSeed + round));
}

/** The commits, each with the objective's number for each of its trials by itself. */
export async function armsOf(measurer: Pick<Measurer, 'score'>, commits: readonly string[], trials: readonly Trial[]): Promise<Arm[]> {
  const arms: Arm[] = [];
  for (const commit of commits) {
    const scores: number[] = [];
    for (const trial of trials) if (trial.commit === commit) scores.push((await measurer.score([trial])).value);
    arms.push({ commit, scores });
  }
  return arms;
}

/** Without items: there can be many thousand, and records of analyses leave them out. */
export function withoutItems(trials: readonly Trial[]): Trial[] {
  return trials.map(({ items: _items, ...trial }) => trial);
}
