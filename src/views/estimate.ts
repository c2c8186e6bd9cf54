/** The estimate of a change, in words: it is never shown without its interval. */
import { gain, type Direction, type Estimate } from '../experiment.ts';
import { formatNumber, formatSigned } from './format.ts';
import type { Row } from './types.ts';

/** An effect or a claim with its 95 % interval; bounds that are no numbers mean that there is no interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A change of the score seen as a gain: positive is better, whichever way the objective points. */
export function gainOf({ value, low, high }: Interval, direction: Direction): Interval {
  const [a, b] = [gain(low, 0, direction), gain(high, 0, direction)];
  return direction === 'minimize'
    ? { value: gain(value, 0, direction), low: b, high: a }
    : { value: gain(value, 0, direction), low: a, high: b };
}

export function intervalOf({ effect, low, high }: Estimate): Interval {
  return { value: effect, low, high };
}

/** `-0.0021 ± 0.0010`, or `-0.0021 (-0.0035..-0.0002)` where the two sides differ visibly. */
export function formatEstimate(estimate: Estimate, decimals: number): string {
  return formatInterval(intervalOf(estimate), decimals, true);
}

export function formatInterval({ value, low, high }: Interval, decimals: number, isSigned = false): string {
  if (!isBounded(low, high)) return (isSigned ? formatSigned : formatNumber)(value, decimals);
  const format = (number: number): string => fixed(number, decimals, isSigned);
  const [down, up] = [value - low, high - value];
  const isEven = down >= 0 && Math.abs(up - down) <= Math.max(10 ** -decimals, 0.1 * Math.max(up, down));
  const half = (up + down) / 2;
  return isEven
    ? `${format(value)} ± ${formatNumber(isDust(half, value) ? 0 : half, decimals)}`
    : `${format(value)} (${format(low)}..${format(high)})`;
}

/** What rounding in the computer leaves of nothing. */
export function isDust(spread: number, value: number): boolean {
  return Math.abs(spread) < 1e-12 * Math.abs(value);
}

/** Beside an interval, digits of a value far smaller than it say nothing. */
function fixed(value: number, decimals: number, isSigned: boolean): string {
  if (Math.abs(value) >= 1e9) return formatNumber(value, decimals);
  const rounded = Number(value.toFixed(decimals)) || 0;
  return (isSigned ? formatSigned : formatNumber)(rounded, decimals);
}

/** `95% 0.41 to 0.45`. */
export function formatBounds({ low, high }: Interval, decimals: number): string {
  return `95% ${fixed(low, decimals, false)} to ${fixed(high, decimals, false)}`;
}

/** A bound of infinity becomes null in JSON. */
export function isBounded(low: unknown, high: unknown): boolean {
  return Number.isFinite(low) && Number.isFinite(high);
}

/** `0.93`; certainty is never rounded to. */
export function formatProbability(probability: number | null | undefined): string {
  if (probability === null || probability === undefined) return '–';
  if (probability < 0.01) return '<0.01';
  return probability > 0.99 ? '>0.99' : probability.toFixed(2);
}

/** Decimals at which a typical interval of the run does not vanish, at least those given. */
export function decimalsForEstimates(rows: readonly Pick<Row, 'estimate'>[], decimals: number): number {
  const widths = rows.flatMap(({ estimate }) =>
    estimate && isBounded(estimate.low, estimate.high) ? [(estimate.high - estimate.low) / 2] : [],
  );
  const sorted = widths.filter((width) => width > 0).sort((a, b) => a - b);
  const typical = sorted[Math.floor(sorted.length / 2)];
  return typical === undefined ? decimals : decimalsOfSpread(typical, decimals);
}

/** One digit of a spread, two where the first is a 1 or a 2: more of them say nothing. */
export function decimalsOfSpread(spread: number, least: number): number {
  return spread > 0 ? Math.min(8, Math.max(least, -Math.floor(Math.log10(spread / 3)))) : least;
}
