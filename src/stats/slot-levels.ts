/**
 * What is believed of one commit's level in each slot: the mean of its trials there. Slots may be off each other, so levels have
 * a joint normal distribution, and a trial in one slot also tells of the others. With one slot it is a plain `Belief`.
 */
import { update, type Belief } from './belief.ts';
import { ensure } from './check.ts';
import type { Posterior } from './posterior.ts';

/** Lower is better; `cov` is symmetric, row by row in the order of `slots`. Where `mean` has a number, `cov` has its row. */
export interface SlotLevels {
  readonly slots: readonly string[];
  /** The class of hardware of each slot. What is known of one class says nothing of another. */
  readonly classes: readonly string[];
  readonly mean: readonly number[];
  readonly cov: readonly (readonly number[])[];
}

/** What the trials of one experiment, all in one slot, showed. */
export interface Shown {
  /** The mean of the trials minus the level believed of that slot, and its variance sigma^2 / trials. */
  readonly d: number;
  readonly s2: number;
  /** Of the effect; all 0 where the commit itself was measured again. */
  readonly posterior: Pick<Posterior, 'E' | 'V'>;
  /** Does the candidate become the commit whose levels these are? */
  readonly kept: boolean;
}

/** An effect may be so much larger or smaller on other hardware, as a share of it: reasoned, not calibrated. */
const CARRIED = 0.5;

export function indexOfSlot({ slots }: SlotLevels, slot: string): number {
  return slots.indexOf(slot);
}

/** The level in one slot. */
export function levelIn(levels: SlotLevels, slot: string): Belief {
  const place = indexOfSlot(levels, slot);
  ensure(place >= 0, 'a level is known of slots that were measured only', slot);
  return { m: at(levels.mean, place), v: entry(levels.cov, place, place) };
}

/**
 * The levels after trials in one slot. As `update` does for one slot: a keep moves all slots by the effect, and what the trials say
 * of this slot's level goes to the others as far as the two are known to go together.
 */
export function updateLevels(levels: SlotLevels, slot: string, shown: Shown): SlotLevels {
  const { classes, mean, cov } = levels;
  const place = indexOfSlot(levels, slot);
  const before = levelIn(levels, slot);
  const { d, s2, kept, posterior: found } = shown;
  const { E, V } = found;
  const after = update(before, shown);
  const c = before.v + s2 === 0 ? 0 : before.v / (before.v + s2);
  const together = cov.map((_, i) => (before.v === 0 ? 0 : entry(cov, i, place) / before.v));
  const isForeign = classes.map((one) => one !== classes[place]);
  const shared = (i: number, j: number) => {
    const [a, b] = [at(together, i), at(together, j)];
    const effect = kept ? (1 - a * c) * (1 - b * c) * V : a * b * c * c * V;
    const doubt = kept && isForeign[i] && classes[i] === classes[j] ? CARRIED ** 2 * (E ** 2 + V) : 0;
    return entry(cov, i, j) - a * b * before.v + a * b * c * s2 + effect + doubt;
  };
  return {
    ...levels,
    mean: mean.map((m, i) => (i === place ? after.m : m + (kept ? E : 0) + at(together, i) * c * (d - E))),
    cov: cov.map((row, i) => row.map((_, j) => (i === place && j === place ? after.v : shared(i, j)))),
  };
}

/** The levels with more doubt of single slots; `added` gives the variance by slot. */
export function widen(levels: SlotLevels, added: readonly number[]): SlotLevels {
  return { ...levels, cov: levels.cov.map((row, i) => row.map((value, j) => (i === j ? value + at(added, i) : value))) };
}

/** The levels after one slot was found to have moved by `by`, with the variance of that figure: all that was measured in it moves along. */
export function moveSlot(levels: SlotLevels, slot: string, { by, v }: { readonly by: number; readonly v: number }): SlotLevels {
  const place = indexOfSlot(levels, slot);
  const mean = levels.mean.map((m, i) => (i === place ? m + by : m));
  return widen(
    { ...levels, mean },
    levels.slots.map((_, i) => (i === place ? v : 0)),
  );
}

/** The levels where one slot was found to be another than before: nothing that is known of the others says anything of it. */
export function replaceLevel(levels: SlotLevels, slot: string, { m, v }: Belief): SlotLevels {
  const place = indexOfSlot(levels, slot);
  const isOf = (i: number, j: number) => i === place || j === place;
  return {
    ...levels,
    mean: levels.mean.map((value, i) => (i === place ? m : value)),
    cov: levels.cov.map((row, i) => row.map((value, j) => (isOf(i, j) ? (i === j ? v : 0) : value))),
  };
}

/**
 * The levels of a commit as they were believed long ago, with what was learned since of how far the slots are off each other:
 * the old mean over the slots it had, and the differences of `now`, which has all of them.
 */
export function withOffsetsOf(old: SlotLevels, now: SlotLevels): SlotLevels {
  const places = old.slots.map((slot) => indexOfSlot(now, slot));
  const n = places.length;
  const meanOf = (of: (i: number) => number) => places.reduce((sum, i) => sum + of(i), 0) / n;
  const row = now.cov.map((_, i) => meanOf((j) => entry(now.cov, i, j)));
  const whole = meanOf((i) => at(row, i));
  const level = old.mean.reduce((sum, m) => sum + m, 0) / n;
  const v = old.cov.reduce((sum, each) => sum + each.reduce((a, b) => a + b, 0), 0) / n ** 2;
  const centre = meanOf((i) => at(now.mean, i));
  return {
    slots: now.slots,
    classes: now.classes,
    mean: now.mean.map((m) => m - centre + level),
    cov: now.cov.map((each, i) => each.map((value, j) => value - at(row, i) - at(row, j) + whole + v)),
  };
}

export function at(values: readonly number[], place: number): number {
  return values[place] ?? NaN;
}

export function entry(cov: SlotLevels['cov'], i: number, j: number): number {
  return cov[i]?.[j] ?? NaN;
}
