/** Late gains: changes that gained on the commit they were made on and lost to the incumbent. */
import { LATE, openOffers, survivalOf } from '../model/late-gains.ts';
import type { Survival } from '../stats.ts';
import type { Row } from './types.ts';

export interface LateGains {
  readonly found: number;
  /** Those that were offered again, moved onto the incumbent, and how many of these were kept. */
  readonly again: number;
  readonly kept: number;
  /** Those that wait to be offered again. */
  readonly open: number;
  /** The share of moved gains that survive, as it is estimated. */
  readonly survival: Survival;
}

/** Null where a run has none, as with one slot and nothing proposed ahead. */
export function lateGainsOf(rows: readonly Row[]): LateGains | null {
  const found = rows.filter(({ reason }) => reason.code === LATE).length;
  const again = rows.filter((row) => row.again !== undefined);
  if (found + again.length === 0) return null;
  const kept = again.filter(({ verdict }) => verdict === 'keep').length;
  return { found, again: again.length, kept, open: openOffers(rows).length, survival: survivalOf(rows) };
}

/** `4 found, 3 offered again, 2 kept; about 75 % of moved gains survive (95 %: 40 % to 95 %, of 3 measured)` */
export function lateGainsText({ found, again, kept, open, survival }: LateGains): string {
  const { mean, low, high, n } = survival;
  const waiting = open > 0 ? `, ${open} to come` : '';
  const share =
    n === 0 ? '' : `; about ${percent(mean)} of moved gains survive (95 %: ${percent(low)} to ${percent(high)}, of ${n} measured)`;
  return `${found} found, ${again} offered again, ${kept} kept${waiting}${share}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
