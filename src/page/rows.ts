/** The rows of the page, from the summaries of the ledger. */
import { standingIn } from '../views/reviews.ts';
import type { Reviews } from '../ledger/reviews.ts';
import { oneLine } from '../ledger/message.ts';
import { isDrift } from '../views/incumbent-steps.ts';
import { shortRowOf } from '../views/short-rows.ts';
import type { Row } from '../views/types.ts';
import type { PageRow } from './model.ts';

export interface RowContext {
  readonly undone: ReadonlySet<number>;
  readonly reviews: Reviews;
}

export function pageRow(row: Row, { undone, reviews }: RowContext): PageRow {
  const standing = standingIn(reviews, row);
  const { at: _, ...short } = shortRowOf(row, 0);
  return {
    ...short,
    code: oneLine(short.code, 60),
    agent: oneLine(short.agent, 60),
    ...(row.n !== undefined && row.n > 1 && { n: row.n }),
    ...(undone.has(row.id) && { undone: true as const }),
    ...(isDrift(row) && { drift: true as const }),
    ...(standing !== null && { standing }),
  };
}
