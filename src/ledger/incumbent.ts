import type { Audit, Summary } from '../plugin.ts';
import type { AuditRecord } from './records.ts';

/** The id of the incumbent after the given entries: the last keep, unless an audit has rolled it back since. */
export function incumbentAfter(summaries: readonly Pick<Summary, 'id' | 'verdict'>[], audits: readonly AuditRecord[]): number | undefined {
  const keep = summaries.findLast((summary) => summary.verdict === 'keep')?.id;
  const rollback = audits.findLast(({ audit }) => audit.rolledBack);
  return rollback !== undefined && (keep === undefined || rollback.after >= keep) ? rollbackTarget(rollback.audit).id : keep;
}

/** What a rollback makes the incumbent again. */
export function rollbackTarget({ back, anchor }: Pick<Audit, 'back' | 'anchor'>): Audit['anchor'] {
  return back ?? anchor;
}

/** May a later rollback go back to the audited commit? Not if the audit failed or could not be done. */
export function confirms({ rolledBack, failures, claim }: Audit): boolean {
  return !rolledBack && failures.length === 0 && claim.shown !== 'loss' && claim.df > 0;
}
