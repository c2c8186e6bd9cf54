/** How levels in slots begin: from what one commit scored in each, and from how far slots are off each other as a rule. */
import { ensure, ensureVariance } from './check.ts';
import { at, entry, indexOfSlot, type SlotLevels } from './slot-levels.ts';

/** The mean of one commit's trials in a slot, with the variance of that mean; lower is better. */
export interface SlotMean {
  readonly slot: string;
  readonly hardware: string;
  readonly m: number;
  readonly v: number;
}

/** Points of the search for the scale of slots, from a tenth of sigma up, and how far beyond what was seen it goes. */
const POINTS = 40;
const LEAST = 0.1;
const MOST = 10;
const BEYOND = 3;

/**
 * The standard deviation of the offsets of slots: the mean of its posterior given the means, where a scale of about sigma is expected
 * (half-Cauchy). Only slots of one class are compared. Sigma itself where no two slots can be compared, and 0 without noise.
 */
export function slotScale(means: readonly SlotMean[], sigma: number): number {
  ensureVariance(sigma, 'sigma');
  if (sigma === 0) return 0;
  const groups = [...byHardware(means).values()].filter((group) => group.length > 1);
  if (groups.length === 0) return sigma;
  const range = Math.max(...groups.map((group) => Math.max(...group.map(({ m }) => m)) - Math.min(...group.map(({ m }) => m))));
  const most = Math.max(MOST * sigma, BEYOND * range);
  const scales = Array.from({ length: POINTS }, (_, i) => LEAST * sigma * (most / (LEAST * sigma)) ** (i / (POINTS - 1)));
  const logs = scales.map((tau) =>
    groups.reduce((sum, group) => sum + logLikelihood(group, tau), Math.log(tau / (1 + (tau / sigma) ** 2))),
  );
  const highest = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - highest));
  return weights.reduce((sum, weight, i) => sum + weight * at(scales, i), 0) / weights.reduce((sum, weight) => sum + weight, 0);
}

/** Of the means of slots, whatever the level of the commit. */
function logLikelihood(group: readonly SlotMean[], tau: number): number {
  const centre = centreOf(group, tau);
  const each = group.map(({ m, v }) => Math.log(tau ** 2 + v) + (m - centre.m) ** 2 / (tau ** 2 + v));
  return 0.5 * (Math.log(centre.v) - each.reduce((sum, part) => sum + part, 0));
}

/** The levels of a commit that was measured in these slots: means of a class are pulled together, as far as the scale of slots allows. */
export function startLevels(means: readonly SlotMean[], scale: number): SlotLevels {
  ensure(means.length > 0, 'levels need a measurement', means.length);
  const slots = means.map(({ slot }) => slot);
  ensure(new Set(slots).size === slots.length, 'a slot has one mean', slots);
  const centres = new Map([...byHardware(means)].map(([hardware, group]) => [hardware, centreOf(group, scale)]));
  const parts = means.map((mean) => {
    const { alone, m, v } = centres.get(mean.hardware) ?? { alone: true, m: NaN, v: NaN };
    // What a slot's own mean counts, against that of its class; nothing to pull it to, or no noise to doubt it.
    const own = alone || scale === 0 ? 1 : scale ** 2 / (scale ** 2 + mean.v);
    return { mean, own, m: own === 1 ? mean.m : m + own * (mean.m - m), v };
  });
  return {
    slots,
    classes: means.map(({ hardware }) => hardware),
    mean: parts.map(({ m }) => m),
    cov: parts.map((a, i) =>
      parts.map((b, j) => {
        const common = a.mean.hardware === b.mean.hardware ? (1 - a.own) * (1 - b.own) * a.v : 0;
        return (i === j ? a.own * a.mean.v : 0) + common;
      }),
    ),
  };
}

function centreOf(group: readonly SlotMean[], scale: number): { readonly alone: boolean; readonly m: number; readonly v: number } {
  const weights = group.map(({ v }) => 1 / (scale ** 2 + v));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const m = group.reduce((sum, mean, i) => sum + at(weights, i) * mean.m, 0) / total;
  return { alone: group.length === 1, m, v: 1 / total };
}

/**
 * The levels with one slot more, in which nothing was measured yet: as those of its class, and as uncertain as slots are off each other.
 * Null where no slot of its class was measured.
 */
export function addSlot(levels: SlotLevels, { slot, hardware }: Pick<SlotMean, 'slot' | 'hardware'>, scale: number): SlotLevels | null {
  if (indexOfSlot(levels, slot) >= 0) return levels;
  const peers = levels.classes.flatMap((one, i) => (one === hardware ? [i] : []));
  const n = peers.length;
  if (n === 0) return null;
  const meanOf = (of: (i: number) => number) => peers.reduce((sum, i) => sum + of(i), 0) / n;
  const row = levels.slots.map((_, i) => meanOf((j) => entry(levels.cov, i, j)));
  return extended(
    levels,
    { slot, hardware, m: meanOf((i) => at(levels.mean, i)), v: meanOf((i) => at(row, i)) + scale ** 2 * (1 + 1 / n) },
    row,
  );
}

/** The levels with the first slot of a class, which its own trials alone tell of. */
export function addClass(levels: SlotLevels, first: SlotMean): SlotLevels {
  return extended(
    levels,
    first,
    levels.slots.map(() => 0),
  );
}

function extended({ slots, classes, mean, cov }: SlotLevels, { slot, hardware, m, v }: SlotMean, row: readonly number[]): SlotLevels {
  return {
    slots: [...slots, slot],
    classes: [...classes, hardware],
    mean: [...mean, m],
    cov: [...cov.map((each, i) => [...each, at(row, i)]), [...row, v]],
  };
}

/** How far slots of a class are off each other now, as means of which `slotScale` can learn. */
export function contrastsOf(levels: SlotLevels): SlotMean[] {
  return levels.slots.map((slot, i) => {
    const hardware = levels.classes[i] ?? '';
    const peers = levels.classes.flatMap((one, j) => (one === hardware ? [j] : []));
    const meanOf = (of: (j: number) => number) => peers.reduce((sum, j) => sum + of(j), 0) / peers.length;
    const v = entry(levels.cov, i, i) - 2 * meanOf((j) => entry(levels.cov, i, j)) + meanOf((j) => meanOf((k) => entry(levels.cov, j, k)));
    return { slot, hardware, m: at(levels.mean, i), v: Math.max(0, v) };
  });
}

function byHardware(means: readonly SlotMean[]): Map<string, SlotMean[]> {
  const groups = new Map<string, SlotMean[]>();
  for (const mean of means) groups.set(mean.hardware, [...(groups.get(mean.hardware) ?? []), mean]);
  return groups;
}
