import { NOTHING_LEARNED, widen, type Belief, type Learned, type Posterior, type Prior, type SlotLevels } from '../../../src/stats.ts';
import type { Clock } from './clock.ts';

/** How fast the machine may drift: the variance that a trial adds, in units of sigma squared, and how likely that is beforehand. */
const SPEEDS = [
  { q: 0, weight: 0.85 },
  { q: 0.02, weight: 0.05 },
  { q: 0.1, weight: 0.05 },
  { q: 0.4, weight: 0.05 },
] as const;

/** What is believed if the machine drifts with one speed. */
export interface DriftHypothesis {
  readonly q: number;
  /** Logarithm of how likely it is, given all that was measured, up to a constant. */
  logWeight: number;
  learned: Learned;
  /** By commit, of those that were the incumbent. */
  readonly beliefs: Map<string | null, Held>;
  /** By commit, the sum of the estimated effects that led from the baseline to it, with its variance. */
  readonly gained: Map<string | null, Belief>;
}

/** A belief of a commit's level in each slot, and when it was that: the trials of the slot until then. */
export interface Held {
  readonly levels: SlotLevels;
  readonly at: readonly number[];
}

/** A candidate held against what is believed under one speed of drift. */
export interface Conditional {
  readonly hypothesis: DriftHypothesis;
  /** How likely this speed is, against the likeliest. */
  readonly weight: number;
  /** The incumbent's level in the candidate's slot, and in all of them. */
  readonly before: Belief;
  readonly levels: SlotLevels;
  readonly prior: Prior;
  /** The prior, were sigma so many times its estimate. */
  priorAt(factor: number): Prior;
  /** The candidate's mean minus the belief's, and the variance of that mean. */
  readonly d: number;
  readonly s2: number;
  readonly posterior: Posterior;
  /** The same against the commit that the change was made on, where that is not the incumbent any more. */
  readonly own?: { readonly d: number; readonly posterior: Posterior };
}

export function createHypotheses(): DriftHypothesis[] {
  return SPEEDS.map(({ q, weight }) => ({
    q,
    logWeight: Math.log(weight),
    learned: NOTHING_LEARNED,
    beliefs: new Map(),
    gained: new Map(),
  }));
}

/**
 * The effect against the incumbent, for the update of beliefs. For a change on an earlier basis, it is the effect there plus what
 * the incumbent has gained since: with the prior of an idea instead, levels would lag behind.
 */
export function effectOf({ d, posterior: found, own }: Pick<Conditional, 'd' | 'posterior' | 'own'>): Pick<Posterior, 'E' | 'V'> {
  return own === undefined ? found : { E: own.posterior.E + d - own.d, V: own.posterior.V };
}

interface Moment {
  readonly clock: Clock;
  /** The slot in which a trial has just run, which the clock does not count yet. */
  readonly slot: string;
  readonly sigma: number;
  /** The variance of a level where no noise was known when it was measured. */
  readonly unmeasured: number;
}

/** The incumbent's levels now, which are less sure the longer ago they were measured. */
export function levelsAt({ q }: DriftHypothesis, { levels, at }: Held, moment: Moment): SlotLevels {
  const { sigma, unmeasured } = moment;
  const known = widen(
    levels,
    levels.slots.map((_, i) => (levels.cov[i]?.[i] === 0 ? unmeasured : 0)),
  );
  const times = timesOf(levels, moment);
  return widen(
    known,
    times.map((time, i) => q * sigma ** 2 * (time - (at[i] ?? time))),
  );
}

export function timesOf({ slots }: SlotLevels, { clock, slot }: Pick<Moment, 'clock' | 'slot'>): number[] {
  return slots.map((each) => clock.now(each) + (each === slot ? 1 : 0));
}
