/** The compromises between several metrics that no other experiment of the run improves on. */
import { better, type Direction } from '../experiment.ts';
import type { Row } from './types.ts';

export interface ParetoMetric {
  readonly metric: string;
  readonly direction: Direction;
}

/**
 * The non-dominated rows by their mean metrics, the best in the first metric first; of equal ones the earliest.
 * The verdict does not matter, but crashes, controls and rows that lack one of the metrics are left out.
 */
export function paretoFront<R extends Pick<Row, 'verdict' | 'kind' | 'metrics'>>(
  rows: readonly R[],
  metrics: readonly ParetoMetric[],
): R[] {
  const points = rows.flatMap((row) => {
    const values = metrics.map(({ metric }) => row.metrics[metric] ?? Number.NaN);
    const counts = row.verdict !== 'crash' && row.kind !== 'control' && values.every(Number.isFinite);
    return counts ? [{ row, values }] : [];
  });
  const front: typeof points = [];
  // In this order nothing can be dominated by what comes after it.
  for (const point of points.sort((a, b) => compare(a.values, b.values, metrics))) {
    if (!front.some(({ values }) => isAtLeastAsGood(values, point.values, metrics))) front.push(point);
  }
  return front.map(({ row }) => row);
}

function compare(a: readonly number[], b: readonly number[], metrics: readonly ParetoMetric[]): number {
  for (const [index, { direction }] of metrics.entries()) {
    const [left, right] = [a[index] ?? Number.NaN, b[index] ?? Number.NaN];
    if (left !== right) return better(left, right, direction) ? -1 : 1;
  }
  return 0;
}

function isAtLeastAsGood(a: readonly number[], b: readonly number[], metrics: readonly ParetoMetric[]): boolean {
  return metrics.every(({ direction }, index) => !better(b[index] ?? Number.NaN, a[index] ?? Number.NaN, direction));
}
