import { ReasonError, type Audit, type AuditOccasion, type RunView, type Summary, type Trial } from '../../../src/plugin.ts';
import { audit, mean, NO_REPEATS, outlying, pool, type PooledVariance } from '../../../src/stats.ts';
import { itemsHalfWidth } from './items.ts';
import type { Sides } from './measure.ts';

/** The measured difference from anchor to final in the fresh trials, with its 95 % interval. */
export async function claimOf(
  { score }: Pick<AuditOccasion, 'score'>,
  run: RunView,
  sides: Sides,
  transform: Transform,
): Promise<Audit['claim']> {
  const sign = run.objective.direction === 'minimize' ? 1 : -1;
  const scale = scaleOf(transform);
  const scores = async (trials: readonly Trial[]) => (await scoresOf(score, trials)).map((value) => sign * scale.of(value));
  const [final, anchor] = [await scores(sides.final), await scores(sides.anchor)];
  const middle = scale.back(sign * mean(anchor));
  const sigma = (run.noise?.sigma ?? 0) * scale.slopeAt(run.anchor?.score?.value ?? middle);
  const isNew = (run.rules ?? 1) >= 2;
  const known = isNew && run.noise ? { df: run.noise.df + (run.noise.given === undefined ? 0 : GUESS) } : {};
  const [ours, theirs] = isNew ? [settled(final, run, sigma), settled(anchor, run, sigma)] : [final, anchor];
  const sameSeeds = isNew && run.seeds?.rule === 'shared';
  const found = audit({ final: ours, anchor: theirs, sigma, ...known, earlier: await earlierRepeats(run, scores), sameSeeds });
  const { claim, upper, df } = found.paired ? { ...found.paired, df: ours.length - 1 } : found;
  const level = scale.back(sign * mean(theirs));
  // The noise of trials and the choice of items are two separate sources of uncertainty.
  const half = Math.hypot(upper - claim, itemsHalfWidth(sides, run.objective.label) * scale.slopeAt(level));
  const change = (effect: number) => signed(scale.back(sign * (mean(theirs) + effect)) - level);
  const [low, high] = sign === 1 ? [claim - half, claim + half] : [claim + half, claim - half];
  const shown = claim + half < 0 ? 'gain' : claim - half > 0 ? 'loss' : 'none';
  return { value: change(claim), low: change(low), high: change(high), df, shown };
}

/** A guess of sigma counts as so many degrees of freedom. */
const GUESS = 2;

/** The scores of one side without those that are far off, in a run that has had such trials: elsewhere the farthest belongs to the noise. */
function settled(scores: readonly number[], { noise, seeds, history }: RunView, sigma: number): readonly number[] {
  if (!history.some(({ setAside }) => setAside) || noise === null || sigma === 0 || seeds?.rule === 'shared') return scores;
  const aside = outlying(scores, { sigma, df: noise.df });
  return scores.filter((_, index) => !aside.includes(index));
}

type Transform = 'none' | 'log';

/** The scale on which the noise is constant: the score itself, or its logarithm. */
function scaleOf(transform: Transform) {
  if (transform === 'none') return { of: (value: number) => value, back: (value: number) => value, slopeAt: () => 1 };
  return {
    of(value: number): number {
      if (value > 0) return Math.log(value);
      throw new ReasonError('SCORE_NOT_POSITIVE', `the logarithm of the score was asked for, and the score is ${value}`);
    },
    back: Math.exp,
    slopeAt: (value: number) => 1 / value,
  };
}

/** Fresh seeds vary more than the loop's shared seeds, so only trials of audits are used to estimate by how much. */
async function earlierRepeats({ audits }: RunView, scores: (trials: readonly Trial[]) => Promise<number[]>): Promise<PooledVariance> {
  let pooled = NO_REPEATS;
  for (const { trials } of audits) pooled = pool(pool(pooled, await scores(trials.final)), await scores(trials.anchor));
  return pooled;
}

async function scoresOf(score: AuditOccasion['score'], trials: readonly Trial[]): Promise<number[]> {
  const scores: number[] = [];
  for (const trial of trials) scores.push((await score([trial])).value);
  return scores;
}

/** Zero has no sign. */
function signed(value: number): number {
  return value === 0 ? 0 : value;
}

/** What the run's own scores seemed to show: the sum over the keeps that lead from the anchor to the final commit. */
export function rawClaim({ history }: RunView, { final, anchor }: Pick<AuditOccasion, 'final' | 'anchor'>): number {
  let raw = 0;
  let at: Summary | undefined = history.findLast(({ id }) => id === final.id);
  while (at !== undefined && at.id !== anchor.id) {
    raw += at.delta ?? 0;
    const { incumbent } = at;
    at = history.findLast(({ id }) => id === incumbent);
  }
  return raw;
}
