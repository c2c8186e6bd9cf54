/** The metric to improve, out of what a trial prints. */
import type { Direction } from '../experiment.ts';
import { directionOf, weightOfMetric } from './metric-names.ts';
import { lineOf, type Printed } from './printed.ts';

export interface Metric {
  /** As it stands in the config. */
  readonly name: string;
  readonly direction: Direction;
  /** Null where the trial's own duration is the metric. */
  readonly pattern: string | null;
  /** Is it printed several times, so that the last one counts? */
  readonly last: boolean;
}

export const DURATION: Metric = { name: 'seconds', direction: 'minimize', pattern: null, last: false };

/** The likeliest first; settings and counters are left out. */
export function rankFigures(figures: readonly Printed[]): Printed[] {
  const likely = figures.map((figure, at) => ({ figure, at, weight: weightOfMetric(figure.name) })).filter(({ weight }) => weight > 0);
  // Of two alike the later one: what is printed last is most often the result.
  return likely.toSorted((a, b) => b.weight - a.weight || b.at - a.at).map(({ figure }) => figure);
}

export function metricOf({ name, pattern, times }: Printed, direction?: Direction): Metric {
  return { name: keyOf(name), direction: direction ?? directionOf(name) ?? 'minimize', pattern, last: times !== 1 };
}

/** A metric that the person has named. */
export function namedMetric(name: string, figures: readonly Printed[], direction?: Direction): Metric {
  const found = figures.find((figure) => figure.name === name || keyOf(figure.name) === name);
  return metricOf(
    found ?? { name, pattern: lineOf(name, ':').replace(String.raw`\s*:\s*`, String.raw`\s*[:=\s]\s*`), times: null, value: null },
    direction,
  );
}

function keyOf(name: string): string {
  const key = name
    .trim()
    .replace(/\W+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[A-Za-z]/.test(key) ? key : `metric_${key}`;
}
