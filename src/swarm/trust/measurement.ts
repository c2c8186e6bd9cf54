/** What an experiment measured: the difference between two commits, before any shrinkage. Lower is better, in units of the score. */
import type { Direction } from '../../experiment.ts';
import type { SwarmExperiment } from '../model.ts';

export interface Measurement {
  readonly d: number;
  /** The variance of `d`. */
  readonly s2: number;
}

/** More trials than this make a node's measurement no more precise. */
const MOST_TRIALS = 8;
/** Without any noise a difference is taken to be this exact, as a share of it. */
const EXACT = 1e-9;

/** Null where nothing was compared. `sigma`: of one trial; where nothing is known of the noise, a difference is taken for the effect. */
export function measurementOf(
  { measured, delta, n }: Pick<SwarmExperiment, 'measured' | 'delta' | 'n'>,
  { direction, sigma }: { readonly direction: Direction; readonly sigma: number | null },
): Measurement | null {
  const difference = measured?.difference ?? delta;
  if (difference === null || n < 1) return null;
  const least = sigma === null ? 0 : sigma ** 2 / Math.min(n, MOST_TRIALS);
  const own = measured === null ? 2 * least : measured.sd ** 2;
  // A node cannot claim more precision than the noise allows.
  return {
    d: direction === 'minimize' ? difference : -difference,
    s2: Math.max(own, least, (EXACT * difference) ** 2, Number.EPSILON ** 4),
  };
}
