/** Which part of the scores the chart shows. */

export interface Scored {
  readonly score?: number | null | undefined;
  readonly verdict: string;
}

export interface Domain {
  readonly low: number;
  readonly high: number;
}

/**
 * The range of the y axis. Keeps and the values given are always inside; a few far-off scores must not flatten the rest,
 * so others count only as far as they lie within the usual fences around the quartiles, and not much further from the keeps
 * than keeps lie apart: a search that mostly finds far worse scores must not flatten what it gained.
 */
export function domainOf(rows: readonly Scored[], inside: readonly number[] = []): Domain {
  const kept = scoresOf(rows.filter((row) => row.verdict === 'keep'));
  const all = scoresOf(rows);
  if (all.length === 0) return { low: 0, high: 1 };
  const box = quantile(all, 0.75) - quantile(all, 0.25);
  const [from, to] = reachOf(kept, quantile(all, 0.5));
  const low = Math.min(
    ...within(all, Math.max(from, quantile(all, 0.25) - 1.5 * box), Infinity).slice(0, 1),
    ...kept.slice(0, 1),
    ...inside,
  );
  const high = Math.max(...within(all, -Infinity, Math.min(to, quantile(all, 0.75) + 1.5 * box)).slice(-1), ...kept.slice(-1), ...inside);
  const size = Math.max(Math.abs(low), Math.abs(high));
  // Scores that differ by less than this are one score and rounding.
  const margin = high - low > size * 1e-9 + 1e-90 ? (high - low) * 0.09 : size * 0.01 + 1e-9;
  return { low: low - margin, high: high + margin };
}

/** The range of the x axis: room for the audit after the last experiment, and no number of an experiment that is not there. */
export function rangeOf(lastId: number): readonly [number, number] {
  return [-0.5 - lastId * 0.005, lastId * 1.005 + 0.8];
}

/** Three times as far from the keeps as they lie apart, or as the typical score lies off them. */
function reachOf(kept: readonly number[], median: number): readonly [number, number] {
  const [least, most] = [kept[0], kept.at(-1)];
  if (least === undefined || most === undefined || least === most) return [-Infinity, Infinity];
  const reach = 3 * Math.max(most - least, least - median, median - most);
  return [least - reach, most + reach];
}

function scoresOf(rows: readonly Scored[]): number[] {
  return rows.flatMap((row) => (row.score === null || row.score === undefined ? [] : [row.score])).sort((a, b) => a - b);
}

const within = (sorted: readonly number[], from: number, to: number): number[] => sorted.filter((value) => value >= from && value <= to);

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.round((sorted.length - 1) * q)] ?? 0;
}
