/** What helped, the largest gain first. */
import { isBounded } from '../views/estimate.ts';
import { rankKeeps } from '../views/rank.ts';
import type { Ranked } from './model.ts';
import { rowMaker, type PageSource } from './source.ts';

export function rankedOf(source: PageSource): Ranked {
  const { rows, audits, undone, record } = source;
  const toRow = rowMaker(source);
  const keeps = rankKeeps(rows, record.opening.objective.direction, audits).map(
    ({ row, rank, worth, estimated, gain, fraction, cumulative }) => {
      const bounds = estimated !== null && isBounded(estimated.low, estimated.high) ? estimated : null;
      return { row: toRow(row), rank, worth, low: bounds?.low ?? null, high: bounds?.high ?? null, raw: gain, fraction, cumulative };
    },
  );
  return { keeps, rolledBack: [...undone] };
}
