/** How far to propose ahead, and how many slots to fill: what keeps slots busy makes ideas older, and old ideas are worth less. */
import type { Survival } from '../../stats.ts';

export interface Pacing {
  readonly slots: number;
  /** The most agents that can be at work at once, where that is limited; else as many as the plan asks for. */
  readonly agents?: number;
  /** Seconds that a proposal and a trial take. */
  readonly proposal: number;
  readonly trial: number;
  /** The share of decided changes that were kept. */
  readonly keepRate: number;
  readonly survival: Pick<Survival, 'mean'>;
  /** The most and the fewest proposals that may wait for each slot. */
  readonly most: number;
  readonly least?: number;
  /** The fewest slots to fill. */
  readonly narrowest?: number;
}

export interface Plan {
  /** Proposals made ahead for each slot. */
  readonly lookahead: number;
  /** Slots to fill. */
  readonly width: number;
}

/** A plan with more slots or more lookahead must be better by this share. */
const MARGIN = 1e-9;

/** The plan under which the most gains an hour are still gains when they are decided; the smallest of those that are as good. */
export function planAhead(pacing: Pacing): Plan {
  const { least = 0, narrowest = 1 } = pacing;
  let best: Plan & { readonly value: number } = { lookahead: least, width: narrowest, value: -1 };
  for (let width = narrowest; width <= Math.max(1, pacing.slots); width++) {
    for (let lookahead = least; lookahead <= Math.max(0, pacing.most); lookahead++) {
      const value = yieldOf(pacing, { lookahead, width });
      if (value > best.value * (1 + MARGIN)) best = { lookahead, width, value };
    }
  }
  return { lookahead: best.lookahead, width: best.width };
}

/** Trials an hour times the share of gains that is left when they are decided. */
export function yieldOf({ agents = Infinity, proposal, trial, keepRate, survival }: Pacing, { lookahead, width }: Plan): number {
  const time = Math.max(trial, Number.EPSILON);
  // Each slot waits for its proposal unless it was made ahead; agents make so many a second at most.
  const perSlot = lookahead > 0 ? 1 / time : 1 / (time + proposal);
  const atWork = Math.max(1, Math.min(agents, width * Math.max(1, lookahead)));
  const rate = Math.min(width * perSlot, proposal > 0 ? atWork / proposal : Infinity);
  // From the beginning of its proposal to its verdict, with those that wait before it.
  const age = proposal + time + (lookahead > 0 ? Math.max(0, lookahead * time - proposal) : 0);
  const others = Math.max(0, rate * age - 1);
  return rate * (1 - Math.min(1, keepRate) * (1 - survival.mean)) ** others;
}
