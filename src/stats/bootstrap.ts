/** Percentile bootstrap, seeded, so that a record can be recomputed. */
import { ensure, ensureFinite, ensureProbability } from './check.ts';
import { quantile as quantileOf } from './descriptive.ts';
import { createGenerator, type Generator } from './random.ts';

export interface Bootstrap {
  readonly estimate: number;
  /** The bounds at the two-sided `level`; either alone is a one-sided bound at (1 + level) / 2. */
  readonly lower: number;
  readonly upper: number;
}

export interface BootstrapOptions {
  readonly seed: number;
  readonly resamples?: number;
  readonly level?: number;
}

export interface QuantileRatioOptions extends BootstrapOptions {
  /** From 0 to 1; 0.95 unless said otherwise. */
  readonly quantile?: number;
  /** Are the two lists measurements of the same items in the same order? */
  readonly paired?: boolean;
}

/** The difference of a statistic between two lists of values of the same items, which are redrawn together; the values' unit. */
export function bootstrapDifference(
  candidate: readonly number[],
  anchor: readonly number[],
  statistic: (values: readonly number[]) => number,
  options: BootstrapOptions,
): Bootstrap {
  ensurePaired(candidate, anchor);
  const generator = createGenerator(options.seed);
  const left = [...candidate];
  const right = [...anchor];
  const draw = () => {
    for (let i = 0; i < left.length; i++) {
      const item = generator.index(left.length);
      left[i] = candidate[item] ?? NaN;
      right[i] = anchor[item] ?? NaN;
    }
    return statistic(left) - statistic(right);
  };
  return percentiles(statistic(candidate) - statistic(anchor), draw, options);
}

/** The ratio of a quantile, candidate to anchor, of positive values (a latency, a cost). */
export function bootstrapQuantileRatio(candidate: readonly number[], anchor: readonly number[], options: QuantileRatioOptions): Bootstrap {
  const { quantile = 0.95, paired = false } = options;
  ensure(quantile >= 0 && quantile <= 1, 'a quantile is taken from 0 to 1', quantile);
  if (paired) ensurePaired(candidate, anchor);
  for (const value of [...candidate, ...anchor])
    ensure(value > 0 && value < Infinity, 'a ratio of quantiles needs positive numbers', value);
  const generator = createGenerator(options.seed);
  const above = createRedraw(candidate, quantile);
  const below = createRedraw(anchor, quantile);
  const draw = () => {
    if (!paired) return above(generator) / below(generator);
    const items = Uint32Array.from(candidate, () => generator.index(candidate.length));
    return above(generator, items) / below(generator, items);
  };
  return percentiles(quantileOf(candidate, quantile) / quantileOf(anchor, quantile), draw, options);
}

function percentiles(estimate: number, draw: () => number, { resamples = 2000, level = 0.95 }: BootstrapOptions): Bootstrap {
  ensure(Number.isInteger(resamples) && resamples >= 1, 'resamples must be a whole number above 0', resamples);
  ensureProbability(level, 'the level');
  const draws = Array.from({ length: resamples }, draw);
  return { estimate, lower: quantileOf(draws, (1 - level) / 2), upper: quantileOf(draws, (1 + level) / 2) };
}

/** A function that redraws `values` and takes their quantile: by counting ranks, because sorting each redraw is far slower. */
function createRedraw(values: readonly number[], p: number): (generator: Generator, items?: Uint32Array) => number {
  const n = values.length;
  const order = Array.from(values.keys()).sort((a, b) => (values[a] ?? NaN) - (values[b] ?? NaN));
  const sorted = order.map((item) => values[item] ?? NaN);
  const rankOf = new Uint32Array(n);
  order.forEach((item, rank) => (rankOf[item] = rank));
  const counts = new Uint32Array(n);
  const position = (n - 1) * p;
  return (generator, items) => {
    counts.fill(0);
    for (let i = 0; i < n; i++) {
      const rank = items === undefined ? generator.index(n) : (rankOf[items[i] ?? 0] ?? 0);
      counts[rank] = (counts[rank] ?? 0) + 1;
    }
    const first = valueAt(sorted, counts, Math.floor(position));
    const second = valueAt(sorted, counts, Math.ceil(position));
    return first + (second - first) * (position - Math.floor(position));
  };
}

function valueAt(sorted: readonly number[], counts: Uint32Array, index: number): number {
  let rank = 0;
  for (let seen = counts[0] ?? 0; seen <= index && rank < counts.length; seen += counts[rank] ?? 0) rank++;
  return sorted[rank] ?? NaN;
}

function ensurePaired(candidate: readonly number[], anchor: readonly number[]): void {
  ensure(candidate.length === anchor.length, 'paired values must be of the same items', `${candidate.length} and ${anchor.length}`);
  ensure(candidate.length > 0, 'a bootstrap needs values', 'none');
  ensureFinite(candidate, 'values');
  ensureFinite(anchor, 'values');
}
