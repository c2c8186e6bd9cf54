/** What the page is made of: a run's record, and where it stands. */
import type { RunRecord } from '../ledger/read.ts';
import type { AuditRecord } from '../ledger/records.ts';
import { reviewsOf, type Reviews } from '../ledger/reviews.ts';
import { auditsOf, rolledBack } from '../views/incumbent-steps.ts';
import type { SwarmOverview } from '../swarm/overview.ts';
import type { ProcessState } from '../views/process-state.ts';
import type { Row } from '../views/types.ts';
import type { PageRow } from './model.ts';
import { pageRow } from './rows.ts';

export interface PageSource {
  readonly record: Pick<RunRecord, 'run' | 'opening' | 'sessions' | 'summaries'>;
  readonly rows: readonly Row[];
  readonly audits: readonly AuditRecord[];
  readonly reviews: Reviews;
  readonly undone: ReadonlySet<number>;
  readonly state: ProcessState;
  /** The swarm, where several nodes work on the run. */
  readonly swarm: SwarmOverview | null;
  /** ISO 8601. */
  readonly now: string;
}

export function pageSource({
  record,
  state,
  now,
  swarm = null,
}: Pick<PageSource, 'record' | 'state' | 'now'> & Partial<Pick<PageSource, 'swarm'>>): PageSource {
  const audits = auditsOf(record.sessions);
  const rows = record.summaries;
  return { record, rows, audits, reviews: reviewsOf(record.sessions), undone: rolledBack(rows, audits), state, swarm, now };
}

/** Makes rows of the page; one function for all rows of a source. */
export function rowMaker({ undone, reviews }: Pick<PageSource, 'undone' | 'reviews'>): (row: Row) => PageRow {
  return (row) => pageRow(row, { undone, reviews });
}
