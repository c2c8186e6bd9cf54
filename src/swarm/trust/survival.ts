/** How likely a change still works once it is rebased onto one other change. */
import type { Measurement } from './measurement.ts';

/** Changes that were moved: what was expected of them together, what was found, and over how many others they were moved. */
export interface Move extends Measurement {
  readonly E: number;
  readonly V: number;
  readonly over: number;
}

/** The prior is Beta(9, 1), whose mean is 0.9. */
const ALPHA = 9;
const BETA = 1;
const LEAST = 0.3;
const STEPS = 35;
/** Only so many of the latest moves count, since the run changes. */
const LAST = 300;

/** The mean of its posterior; each move is held against the share of its changes that should be left. */
export function survivalOf(moves: readonly Move[]): number {
  const counted = moves.slice(-LAST).filter(({ over }) => over > 0);
  const shares = Array.from({ length: STEPS }, (_, i) => LEAST + ((1 - LEAST) * (i + 0.5)) / STEPS);
  const logs = shares.map((share) =>
    counted.reduce(
      (sum, { E, V, d, s2, over }) => {
        const left = share ** over;
        // Each of the changes is there or is not: what is left varies the most where half of it is.
        const variance = s2 + left * V + left * (1 - left) * E ** 2;
        return sum - 0.5 * ((d - left * E) ** 2 / variance + Math.log(variance));
      },
      (ALPHA - 1) * Math.log(share) + (BETA - 1) * Math.log(1 - share),
    ),
  );
  const highest = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return shares.reduce((sum, share, i) => sum + share * (weights[i] ?? 0), 0) / total;
}
