/** From numbers to positions: which part of the scores the chart shows, and where its ticks are. */
import type { Row } from '../types.ts';

type Scored = Pick<Row, 'score' | 'verdict'>;

export interface Domain {
  readonly low: number;
  readonly high: number;
}

/**
 * The range of the y axis. Keeps and the values given are always inside; a few far-off scores must not flatten the rest,
 * so others count only as far as they lie within the usual fences around the quartiles.
 */
export function domainOf(rows: readonly Scored[], inside: readonly number[] = []): Domain {
  const kept = scoresOf(rows.filter((row) => row.verdict === 'keep'));
  const all = scoresOf(rows);
  if (all.length === 0) return { low: 0, high: 1 };
  const box = quantile(all, 0.75) - quantile(all, 0.25);
  const low = Math.min(...within(all, quantile(all, 0.25) - 1.5 * box, Infinity).slice(0, 1), ...kept.slice(0, 1), ...inside);
  const high = Math.max(...within(all, -Infinity, quantile(all, 0.75) + 1.5 * box).slice(-1), ...kept.slice(-1), ...inside);
  const size = Math.max(Math.abs(low), Math.abs(high));
  // Scores that differ by less than this are one score and rounding.
  const margin = high - low > size * 1e-9 + 1e-90 ? (high - low) * 0.09 : size * 0.01 + 1e-9;
  return { low: low - margin, high: high + margin };
}

function scoresOf(rows: readonly Scored[]): number[] {
  return rows.flatMap((row) => (row.score === null ? [] : [row.score])).sort((a, b) => a - b);
}

const within = (sorted: readonly number[], from: number, to: number): number[] => sorted.filter((value) => value >= from && value <= to);

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.round((sorted.length - 1) * q)] ?? 0;
}

export interface Ticks {
  readonly values: readonly number[];
  readonly decimals: number;
}

/** Round numbers inside the domain, about `count` of them. */
export function ticksOf({ low, high }: Domain, count: number, whole = false): Ticks {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  const step = whole ? Math.max(1, Math.round(factor * power)) : factor * power;
  const decimals = Math.min(100, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step + 1e-9);
  const values = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toFixed(decimals)));
  return { values, decimals };
}
