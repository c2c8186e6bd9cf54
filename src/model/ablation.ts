import { gain, type Direction } from '../experiment.ts';
import type { Noise } from '../contract/run-view.ts';
import { mean, NO_REPEATS, pool, studentQuantile } from '../stats.ts';

/** A difference of scores with its 95 % interval, positive when it is a gain. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** One commit to measure, with the scores of its trials. */
export interface Arm {
  readonly commit: string;
  readonly scores: readonly number[];
}

/** How a kept change is measured: the final commit with and without it, or the commits before and after it. */
export interface Comparison {
  readonly id: number;
  readonly title: string;
  readonly how: 'left out' | 'prefix';
  readonly withIt: string;
  readonly without: string;
}

export interface Effect extends Interval {
  readonly id: number;
  readonly title: string;
  readonly how: Comparison['how'];
  readonly role: 'carries' | 'passenger' | 'harmful';
}

/** The contribution of each change, largest first. Noise is pooled over all commits, and over the run's own repeats. */
export function effectsOf(comparisons: readonly Comparison[], arms: readonly Arm[], direction: Direction, noise: Noise | null): Effect[] {
  const interval = intervals(arms, direction, noise);
  return comparisons
    .map(({ id, title, how, withIt, without }) => {
      const found = interval(withIt, without);
      const role = found.low > 0 ? 'carries' : found.high < 0 ? 'harmful' : 'passenger';
      return { id, title, how, ...found, role } as const;
    })
    .toSorted((a, b) => b.value - a.value);
}

/** The gain of one commit over another, from the arms' scores. */
export function intervals(arms: readonly Arm[], direction: Direction, noise: Noise | null): (better: string, worse: string) => Interval {
  const repeats = arms.reduce((pooled, arm) => pool(pooled, arm.scores), NO_REPEATS);
  const ss = repeats.ss + (noise ? noise.sigma ** 2 * noise.df : 0);
  const df = repeats.df + (noise?.df ?? 0);
  const scoresOf = (commit: string) => arms.find((arm) => arm.commit === commit)?.scores ?? [];
  return (better, worse) => {
    const [a, b] = [scoresOf(better), scoresOf(worse)];
    const value = gain(mean(a), mean(b), direction);
    const half = df === 0 ? Infinity : studentQuantile(0.975, df) * Math.sqrt((ss / df) * (1 / a.length + 1 / b.length));
    return { value, low: value - half, high: value + half };
  };
}

/** The result in one sentence. */
export function summarizeEffects(effects: readonly Effect[]): string {
  const carriers = effects.filter((effect) => effect.role === 'carries');
  const total = effects.reduce((sum, effect) => sum + Math.max(0, effect.value), 0);
  if (carriers.length === 0) return `none of the ${effects.length} kept changes is shown to contribute by itself`;
  const share = Math.round((100 * carriers.reduce((sum, effect) => sum + effect.value, 0)) / total);
  const harmful = effects.filter((effect) => effect.role === 'harmful').length;
  const more = harmful > 0 ? `; ${harmful} ${harmful === 1 ? 'does' : 'do'} harm` : '';
  return `${carriers.length} of ${effects.length} kept changes ${carriers.length === 1 ? 'carries' : 'carry'} ${share} % of the gain${more}`;
}
