/** The audited gain of a run: the only gain that is not biased by the choice of what to keep. */
import { gain, type Direction } from '../experiment.ts';
import type { AuditRecord } from '../ledger/records.ts';
import type { Audit } from '../plugin.ts';
import { rolledBack } from './incumbent-steps.ts';
import { formatBounds, gainOf, isBounded, type Interval } from './estimate.ts';
import { formatNumber } from './format.ts';
import type { Row } from './types.ts';

/** Gains: positive is better. */
export interface Claim extends Interval {
  /** From this experiment to that one. */
  readonly from: number;
  readonly to: number;
  /** What the run's own scores seemed to show over the same way. */
  readonly raw: number;
  readonly shown: Audit['claim']['shown'];
}

/** The last audit that measured something and whose experiment was not rolled back. Each audit compares with the baseline, so the last one covers the whole run. */
export function claimOf(rows: readonly Row[], audits: readonly AuditRecord[], direction: Direction): Claim | null {
  const undone = rolledBack(rows, audits);
  const last = audits.findLast(
    ({ audit }) => isBounded(audit.claim.low, audit.claim.high) && !audit.rolledBack && !undone.has(audit.final.id),
  )?.audit;
  if (last === undefined) return null;
  return {
    from: last.anchor.id,
    to: last.final.id,
    ...gainOf(last.claim, direction),
    raw: gain(last.raw, 0, direction),
    shown: last.claim.shown,
  };
}

/** `audited gain 0.43 (95% 0.41 to 0.45)`, or plainly that none is shown. */
export function claimText(claim: Interval & Pick<Claim, 'shown'>, decimals: number): string {
  // Without an interval the value says nothing, not even that there is one.
  if (!isBounded(claim.low, claim.high)) return 'no gain shown: too little was measured';
  const number = (value: number): string => formatNumber(value, decimals);
  if (claim.shown === 'loss') {
    const loss = { value: -claim.value, low: -claim.high, high: -claim.low };
    return `audited loss ${number(loss.value)} (${formatBounds(loss, decimals)})`;
  }
  const words = claim.shown === 'gain' ? 'audited gain' : 'no gain shown:';
  return `${words} ${number(claim.value)} (${formatBounds(claim, decimals)})`;
}
