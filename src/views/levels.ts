/** The score at which each audit found its experiment: the baseline's score plus the audited difference. */
import type { Audit } from '../plugin.ts';
import type { AuditRecord } from '../ledger/records.ts';
import { isDrift } from './incumbent-steps.ts';
import { isBounded } from './estimate.ts';
import type { Row } from './types.ts';

export interface Level {
  /** Its place among the audits, from 1. */
  readonly number: number;
  readonly after: number;
  readonly audit: Audit;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function levelsOf(rows: readonly Row[], audits: readonly AuditRecord[]): Level[] {
  const baseline = rows.find((row) => row.verdict === 'keep' && row.score !== null)?.score ?? null;
  if (baseline === null) return [];
  return audits.flatMap(({ audit, after }, at) => {
    const { value, low, high } = audit.claim;
    if (!isBounded(low, high)) return [];
    const end = rows.findIndex((row) => row.id === after) + 1;
    const drifted = rows
      .slice(0, end)
      .filter(isDrift)
      .reduce((sum, { delta }) => sum + (delta ?? 0), 0);
    const anchor = baseline + drifted;
    return [{ number: at + 1, after, audit, value: anchor + value, low: anchor + low, high: anchor + high }];
  });
}
