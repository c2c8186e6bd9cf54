/** Which experiment was the incumbent when: a keep makes one, an audit may take it away, and drift changes its score. */
import { incumbentsOf, rollbackTarget } from '../model/incumbents.ts';
import type { AuditRecord, SessionRecord } from '../ledger/records.ts';
import type { Row } from './types.ts';

/** From the experiment `after` on, experiment `id` was the incumbent at this score. */
export interface Step {
  readonly after: number;
  readonly id: number;
  readonly score: number;
  readonly cause: 'keep' | 'drift' | 'rollback';
}

export function auditsOf(sessions: readonly SessionRecord[]): AuditRecord[] {
  return sessions.filter((session) => session.kind === 'audit');
}

export function incumbentSteps(rows: readonly Row[], audits: readonly AuditRecord[]): Step[] {
  const steps: Step[] = [];
  const scores = new Map<number, number>();
  const add = (step: Step): void => {
    scores.set(step.id, step.score);
    steps.push(step);
  };
  for (const row of rows) {
    const before = steps.at(-1);
    if (row.score !== null && row.verdict === 'keep') add({ after: row.id, id: row.id, score: row.score, cause: 'keep' });
    else if (row.score !== null && isDrift(row) && before) add({ after: row.id, id: before.id, score: row.score, cause: 'drift' });
    for (const { audit } of audits.filter((record) => record.after === row.id && record.audit.rolledBack)) {
      const { id } = rollbackTarget(audit);
      const score = scores.get(id);
      if (score !== undefined) add({ after: row.id, id, score, cause: 'rollback' });
    }
  }
  return steps;
}

/** What views say of a run that was imported. */
export const IMPORTED_TEXT = 'imported: from the log of another tool, not measured by this engine';

/** Does its number come from an imported log? */
export function isImported({ reason }: Pick<Row, 'reason'>): boolean {
  return reason.code === 'IMPORTED';
}

export function isDrift(row: Pick<Row, 'kind' | 'reason'>): boolean {
  return row.kind === 'control' && row.reason.code === 'DRIFT';
}

/** The keeps that audits took back, with all keeps built on them. */
export function rolledBack(rows: readonly Row[], audits: readonly AuditRecord[]): ReadonlySet<number> {
  return incumbentsOf(
    rows,
    audits.map(({ audit }) => audit),
  ).undone;
}
