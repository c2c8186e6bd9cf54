/** The Pareto front of a run whose objective has several metrics. */
import { paretoFront, type ParetoMetric } from '../views/pareto.ts';
import { thin } from '../views/sparkline.ts';
import type { OpeningView } from '../views/types.ts';
import type { Compromises } from './model.ts';
import { rowMaker, type PageSource } from './source.ts';

const MOST_FRONT = 200;
const MOST_OTHERS = 2000;

export function compromisesOf(source: PageSource): Compromises | null {
  const { rows, record } = source;
  const metrics = metricsOf(record.opening.config.objective);
  const [first, second] = metrics;
  if (first === undefined || second === undefined) return null;
  const front = paretoFront(rows, metrics);
  const best = new Set(front);
  const toRow = rowMaker(source);
  const others = rows.flatMap((row) => {
    const [x, y] = [row.metrics[first.metric], row.metrics[second.metric]];
    const counts = row.verdict !== 'crash' && row.kind !== 'control' && !best.has(row) && Number.isFinite(x) && Number.isFinite(y);
    return counts && x !== undefined && y !== undefined ? [[x, y] as const] : [];
  });
  return {
    metrics,
    front: front
      .slice(0, MOST_FRONT)
      .map((row) => ({ row: toRow(row), values: metrics.map(({ metric }) => row.metrics[metric] ?? Number.NaN) })),
    others: thin(others, MOST_OTHERS),
  };
}

/** The options of the objective, as the run recorded them. */
function metricsOf({ use, with: options }: OpeningView['config']['objective']): ParetoMetric[] {
  const list = use === 'pareto' ? options?.['metrics'] : use === 'lexicographic' ? constrained(options) : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('metric' in entry) || !('direction' in entry)) return [];
    const { metric, direction } = entry;
    const isKnown = typeof metric === 'string' && (direction === 'minimize' || direction === 'maximize');
    return isKnown ? [{ metric, direction }] : [];
  });
}

/** The score and what is constrained; a limit says which way is better where `direction` does not. */
function constrained(options: Readonly<Record<string, unknown>> = {}): unknown[] {
  const { metric, direction, constraints } = options;
  const list: unknown[] = Array.isArray(constraints) ? constraints : [];
  const others = list.map((constraint) => {
    const { direction: better, max, ...rest }: Record<string, unknown> = { ...(constraint as object) };
    return { metric: rest['metric'], direction: better ?? (max === undefined ? 'maximize' : 'minimize') };
  });
  const names = [metric, ...others.map((other) => other.metric)];
  return [{ metric, direction }, ...others].filter((one, index) => names.indexOf(one.metric) === index);
}
