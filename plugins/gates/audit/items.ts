import type { Item, Trial } from '../../../src/plugin.ts';
import { mean, standardDeviation, studentQuantile } from '../../../src/stats.ts';
import type { Sides } from './measure.ts';

const LEVEL = 0.975;
const ROUNDING = 1e-9;

/**
 * Half the 95 % interval of the difference of two means that is due to the choice of the items alone: other items of the
 * same kind would give another difference, however often these are measured. 0 if the score is not a mean of items.
 */
export function itemsHalfWidth({ final, anchor }: Sides, metric: string): number {
  const [ours, theirs] = [meansOf(final, metric), meansOf(anchor, metric)];
  if (ours === null || theirs === null || ours.size !== theirs.size || ours.size < 2) return 0;
  const differences: number[] = [];
  for (const [id, value] of ours) {
    const other = theirs.get(id);
    if (other === undefined) return 0;
    differences.push(value - other);
  }
  const n = differences.length;
  return (studentQuantile(LEVEL, n - 1) * standardDeviation(differences)) / Math.sqrt(n);
}

/** By item, the mean over the trials; null where a trial has no items, or its value is not their mean. */
function meansOf(trials: readonly Trial[], metric: string): Map<string, number> | null {
  const values = new Map<string, number[]>();
  for (const { items, metrics } of trials) {
    const list = items?.[metric] ?? [];
    if (!isMeanOf(list, metrics[metric])) return null;
    for (const { id, value } of list) values.set(id, [...(values.get(id) ?? []), value]);
  }
  return new Map([...values].map(([id, list]) => [id, mean(list)]));
}

function isMeanOf(items: readonly Item[], value: number | undefined): boolean {
  if (items.length === 0 || value === undefined) return false;
  return Math.abs(mean(items.map((item) => item.value)) - value) <= ROUNDING * Math.max(1, Math.abs(value));
}
