import type { Policy } from '../policies.ts';
import { UNIT } from '../worlds.ts';

/** How a night with several slots decides, and what it does about changes whose basis is no longer the incumbent. */
export interface ParallelPolicy extends Policy {
  /** Does the record say where trials ran? */
  readonly knowsSlots: boolean;
  /** Trials of the baseline in each slot. */
  readonly baselines: number;
  /** Is a candidate that waits for a slot moved onto the incumbent first? */
  readonly moves: boolean;
  /** Are changes that gained on their basis offered again: before new ideas, or never? */
  readonly offers: boolean;
}

export const GREEDY = 'greedy against the tip';
export const BLIND = 'posterior against the tip';
export const SLOTTED = 'the same, with slot effects';
export const MOVED = 'the same, moved before its trial';
export const OFFERED = 'the same, late gains again';

const AUDIT = { use: 'audit', with: { runs: 3 } } as const;
const NEVER = 1_000_000;
const known = (sigma: number) => ({ sigma: sigma * UNIT, controlEvery: NEVER, seeds: 'fresh', baselines: 2 }) as const;

const posterior = (name: string, rest: Pick<ParallelPolicy, 'knowsSlots' | 'moves' | 'offers'>): ParallelPolicy => ({
  name,
  gates: () => [{ use: 'posterior', with: { profile: 'progress' } }, AUDIT],
  noise: ({ sigma }) => known(sigma),
  baselines: 2,
  ...rest,
});

export const PARALLEL: readonly ParallelPolicy[] = [
  {
    name: GREEDY,
    gates: () => [{ use: 'min-delta' }, AUDIT],
    noise: ({ sigma }) => ({ ...known(sigma), baselines: 1 }),
    baselines: 1,
    knowsSlots: false,
    moves: false,
    offers: false,
  },
  posterior(BLIND, { knowsSlots: false, moves: false, offers: false }),
  posterior(SLOTTED, { knowsSlots: true, moves: false, offers: false }),
  posterior(MOVED, { knowsSlots: true, moves: true, offers: false }),
  posterior(OFFERED, { knowsSlots: true, moves: true, offers: true }),
];
