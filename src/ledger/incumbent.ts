import type { Summary } from '../plugin.ts';
import type { AuditRecord } from './records.ts';

/** The id of the incumbent after everything given: the last keep, unless an audit has rolled it back since. */
export function incumbentAfter(summaries: readonly Pick<Summary, 'id' | 'verdict'>[], audits: readonly AuditRecord[]): number | undefined {
  const keep = summaries.findLast((summary) => summary.verdict === 'keep')?.id;
  const rollback = audits.findLast(({ audit }) => audit.rolledBack);
  return rollback !== undefined && (keep === undefined || rollback.after >= keep) ? rollback.audit.anchor.id : keep;
}
