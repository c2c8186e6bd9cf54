import type { Item, Trial } from '../../../src/plugin.ts';

/** The values of one item on both sides, by trial; both sides use the same seeds. */
export interface Pair {
  readonly id: string;
  readonly anchor: readonly number[];
  readonly candidate: readonly number[];
}

export type Pairing = { readonly pairs: readonly Pair[]; readonly trials: number } | { readonly problem: string };

interface What {
  readonly metric: string;
  readonly group: string | undefined;
}

/**
 * The items of as many trials as both sides have, by id. An item of the anchor that the candidate does not have
 * is a problem: leaving out hard items must not look like an improvement.
 */
export function pairItems(candidate: readonly Trial[], anchor: readonly Trial[], what: What): Pairing {
  const [before, now] = [itemsOf(anchor, what), itemsOf(candidate, what)];
  const trials = Math.min(before.length, now.length);
  const pairs = new Map<string, { id: string; anchor: number[]; candidate: number[] }>();
  const missing: string[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const valueOf = createLookUp(now[trial] ?? []);
    for (const [place, { id, value }] of (before[trial] ?? []).entries()) {
      const found = valueOf(id, place);
      const pair = pairs.get(id) ?? { id, anchor: [], candidate: [] };
      pairs.set(id, pair);
      if (found === undefined) missing.push(id);
      else pair.candidate.push(found);
      pair.anchor.push(value);
    }
  }
  const name = what.group === undefined ? what.metric : `${what.metric} in the group ${what.group}`;
  if (pairs.size === 0) return { problem: `the anchor has no items of ${name}` };
  if (missing.length > 0) return { problem: `${missing.length} of ${pairs.size} items of ${name} were not measured: ${list(missing)}` };
  return { pairs: [...pairs.values()], trials };
}

/** Items mostly come in the same order on both sides; a map is made only where they do not. */
function createLookUp(items: readonly Item[]): (id: string, place: number) => number | undefined {
  let values: Map<string, number> | null = null;
  return (id, place) => {
    const item = items[place];
    if (item?.id === id) return item.value;
    values ??= new Map(items.map((other) => [other.id, other.value]));
    return values.get(id);
  };
}

export function itemsOf(trials: readonly Trial[], { metric, group }: What): (readonly Item[])[] {
  const lists = trials.filter((trial) => trial.state === 'measured').map((trial) => trial.items?.[metric] ?? []);
  return group === undefined ? lists : lists.map((items) => items.filter((item) => item.group === group));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function list(ids: readonly string[]): string {
  return ids.slice(0, 3).join(', ') + (ids.length > 3 ? ` and ${ids.length - 3} more` : '');
}
