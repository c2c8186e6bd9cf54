/** The rows of the page, from the summaries of the ledger. */
import { standingIn } from '../views/reviews.ts';
import type { Reviews } from '../ledger/reviews.ts';
import { oneLine } from '../ledger/message.ts';
import { isDrift } from '../views/course.ts';
import type { Row } from '../views/types.ts';
import type { PageRow } from './model.ts';

const LONGEST_TITLE = 120;

export interface RowContext {
  readonly undone: ReadonlySet<number>;
  readonly reviews: Reviews;
  /** The first keep with a score. */
  readonly baseline: number | null;
}

export function pageRow(row: Row, { undone, reviews, baseline }: RowContext): PageRow {
  const { id, verdict, score, delta, estimate, usd, n } = row;
  const standing = standingIn(reviews, row);
  return {
    id,
    kind: row.control === true ? 'control' : id === baseline ? 'baseline' : 'change',
    verdict,
    code: oneLine(row.reason.code, 60),
    title: oneLine(row.title, LONGEST_TITLE),
    agent: oneLine(row.agent, 60),
    seconds: Math.round(row.seconds * 10) / 10,
    ...(score !== null && { score }),
    ...(delta !== null && { delta }),
    ...(estimate && Number.isFinite(estimate.low) && Number.isFinite(estimate.high) && { low: estimate.low, high: estimate.high }),
    ...(estimate && estimate.pGain !== null && { pGain: Math.round(estimate.pGain * 1e4) / 1e4 }),
    ...(usd !== undefined && { cost: usd }),
    ...(n !== undefined && n > 1 && { n }),
    ...(row.candidate !== null && { candidate: row.candidate.slice(0, 7) }),
    ...(undone.has(id) && { undone: true as const }),
    ...(isDrift(row) && { drift: true as const }),
    ...(standing !== null && { standing }),
  };
}
