import type { Audit, AuditOccasion, RunView, Summary, Trial } from '../../../src/plugin.ts';
import { audit, NO_REPEATS, pool, type PooledVariance } from '../../../src/stats.ts';
import { itemsHalfWidth } from './items.ts';
import type { Sides } from './measure.ts';

/** What the fresh trials say of the change from anchor to final, as measured: with its 95 % interval. */
export async function claimOf({ score }: Pick<AuditOccasion, 'score'>, run: RunView, sides: Sides): Promise<Audit['claim']> {
  const sign = run.objective.direction === 'minimize' ? 1 : -1;
  const scores = (trials: readonly Trial[]) => scoresOf(score, trials, sign);
  const [final, anchor] = [await scores(sides.final), await scores(sides.anchor)];
  const { claim, ...trials } = audit({
    final,
    anchor,
    sigma: run.noise?.sigma ?? 0,
    earlier: await earlierRepeats(run, scores),
  });
  // What repeats leave open, and what other items would have made of it, are two doubts, and neither covers the other.
  const half = Math.hypot(trials.upper - claim, itemsHalfWidth(sides, run.objective.label));
  const [lower, upper] = [claim - half, claim + half];
  const [low, high] = sign === 1 ? [lower, upper] : [negated(upper), negated(lower)];
  const shown = upper < 0 ? 'gain' : lower > 0 ? 'loss' : 'none';
  return { value: sign === 1 ? claim : negated(claim), low, high, df: trials.df, shown };
}

/** Fresh seeds vary more than the loop's common ones, so that only audits say how much. */
async function earlierRepeats({ audits }: RunView, scores: (trials: readonly Trial[]) => Promise<number[]>): Promise<PooledVariance> {
  let pooled = NO_REPEATS;
  for (const { trials } of audits) pooled = pool(pool(pooled, await scores(trials.final)), await scores(trials.anchor));
  return pooled;
}

async function scoresOf(score: AuditOccasion['score'], trials: readonly Trial[], sign: 1 | -1): Promise<number[]> {
  const scores: number[] = [];
  for (const trial of trials) scores.push(sign * (await score([trial])).value);
  return scores;
}

function negated(value: number): number {
  return value === 0 ? 0 : -value;
}

/** What the run's own scores seemed to show: the sum over the keeps that lead from the anchor to the final commit. */
export function rawClaim({ history }: RunView, { final, anchor }: Pick<AuditOccasion, 'final' | 'anchor'>): number {
  let raw = 0;
  let at: Summary | undefined = history.findLast(({ id }) => id === final.id);
  while (at !== undefined && at.id > anchor.id) {
    raw += at.delta ?? 0;
    const { parent } = at;
    at = history.findLast(({ verdict, candidate }) => verdict === 'keep' && candidate === parent);
  }
  return raw;
}
