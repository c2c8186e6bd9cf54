/**
 * Changes whose basis is no longer the incumbent: pure. The engine asks here three times:
 *
 * 1. Before a trial, when a slot takes up a waiting candidate: `takeUp` says whether to move it onto the incumbent first (a
 *    three-way merge; one that conflicts goes back to its agent once, and is measured as it is if it conflicts again).
 *    Nothing is lost by that, as it has not been measured, and it is what keeps many slots from competing with each other.
 * 2. After a verdict: `offerOf` says whether the change is offered again, moved onto the incumbent, when a slot has nothing
 *    better to do. The new experiment names the old one in `again`.
 * 3. Whenever the history has grown: `survivalOf` gives the share of moved gains that survive, for `takeUp`, for
 *    `planAhead` of slots/ahead.ts, and to be shown.
 *
 * All of it is a fold over the ledger in its order: positions and records count, ids do not.
 */
import type { Summary } from '../contract/run-view.ts';
import { survival, type MovedChange, type Survival } from '../stats.ts';

export const LATE = 'GAINED_ON_ITS_BASIS';

/** A gate's note about a change that was late, or that was offered again. Lower is better, in units of sigma. */
export interface LateNote {
  /** Of a late one: the estimate of its effect on its basis, with its variance. */
  readonly late?: readonly [E: number, V: number];
  /** Of one that was offered again: how far it is off the level of its new basis, with the variance of that. */
  readonly again?: readonly [d: number, S2: number];
}

/** A change to be offered again. */
export interface Offer {
  readonly of: number;
  /** The gain it was estimated to bring on its basis, in units of sigma: those with more go first. */
  readonly gain: number;
}

type Decided = Pick<Summary, 'id' | 'kind' | 'verdict' | 'reason' | 'again' | 'notes'>;

/** The offer that follows from a verdict; null where there is none. A change is offered again once. */
export function offerOf({ id, kind, verdict, reason, again, notes }: Decided): Offer | null {
  if (kind !== 'change' || verdict !== 'discard' || reason.code !== LATE || again !== undefined) return null;
  const [effect] = noteOf(notes, 'late') ?? [];
  return effect === undefined || effect >= 0 ? null : { of: id, gain: -effect };
}

/** The offers that are open after a history, the largest gain first: those not taken up yet, nor by one of those in flight. */
export function openOffers(history: readonly Decided[], inFlight: readonly Pick<Summary, 'again'>[] = []): Offer[] {
  const taken = new Set([...history, ...inFlight].map(({ again }) => again));
  return history
    .flatMap((decided) => offerOf(decided) ?? [])
    .filter(({ of }) => !taken.has(of))
    .toSorted((a, b) => b.gain - a.gain || a.of - b.of);
}

/** The share of moved gains that survive, from the changes that were offered again and measured. */
export function survivalOf(history: readonly Decided[]): Survival {
  const late = new Map(history.map(({ id, notes }) => [id, noteOf(notes, 'late')]));
  return survival(
    history.flatMap(({ again, notes }): MovedChange[] => {
      const [before, after] = [again === undefined ? undefined : late.get(again), noteOf(notes, 'again')];
      return before && after ? [{ E: before[0], V: before[1], d: after[0], S2: after[1] }] : [];
    }),
  );
}

/**
 * What to do with a candidate that waits for a slot, when there were `keeps` since it was proposed. As it is, it must make up for what
 * the incumbent has gained since; sizes of gains are about exponential, so a share exp(-keeps) of them does. Moved, the share that
 * survives does.
 */
export function takeUp(keeps: number, { mean }: Pick<Survival, 'mean'>): 'measure' | 'move' {
  return keeps > 0 && mean > Math.exp(-keeps) ? 'move' : 'measure';
}

/** How many keeps of the history, in its order, were decided after the experiment `basis` was; 0 for one that is not in it. */
export function keepsSince(history: readonly Pick<Summary, 'id' | 'verdict'>[], basis: number | null): number {
  const place = history.findIndex(({ id }) => id === basis);
  return place < 0 ? 0 : history.slice(place + 1).filter(({ verdict }) => verdict === 'keep').length;
}

/** Does it say anything of late gains? */
export function isConcerned({ again, notes }: Pick<Decided, 'again' | 'notes'>): boolean {
  return again !== undefined || noteOf(notes, 'late') !== undefined;
}

function noteOf(notes: Summary['notes'], name: keyof LateNote): readonly [number, number] | undefined {
  for (const note of Object.values(notes ?? {})) {
    const found = (note as LateNote | null)?.[name];
    if (isPair(found)) return found;
  }
  return undefined;
}

function isPair(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((each) => Number.isFinite(each));
}
