/** Descriptive statistics. All of them keep the unit of the values and throw a RangeError without values. */
import { ensure } from './check.ts';

/** Makes a median absolute deviation estimate the standard deviation of normal values. */
const MAD_TO_SD = 1.4826;

/** The arithmetic mean; of equal values exactly that value, so that a deterministic metric has no spread. */
export function mean(values: readonly number[]): number {
  const origin = values[0];
  ensure(origin !== undefined, 'the mean needs a value', 'none');
  let sum = 0;
  for (const value of values) sum += value - origin;
  return origin + sum / values.length;
}

/** The sum of squared differences from the mean. */
export function sumOfSquares(values: readonly number[]): number {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return sum;
}

/** The standard deviation with n - 1 in the denominator; 0 for one value. */
export function standardDeviation(values: readonly number[]): number {
  return values.length === 1 ? 0 : Math.sqrt(sumOfSquares(values) / (values.length - 1));
}

/** The quantile at `p` from 0 to 1, linear between order statistics at position (n - 1) p (type 7 of Hyndman and Fan). */
export function quantile(values: readonly number[], p: number): number {
  ensure(values.length > 0, 'a quantile needs a value', 'none');
  ensure(p >= 0 && p <= 1, 'a quantile is taken from 0 to 1', p);
  const sorted = Float64Array.from(values).sort();
  const position = (sorted.length - 1) * p;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below === above ? below : below + (above - below) * (position - Math.floor(position));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** 1.4826 times the median absolute deviation from the median: a standard deviation that outliers do not move. */
export function robustDeviation(values: readonly number[]): number {
  const centre = median(values);
  return MAD_TO_SD * median(values.map((value) => Math.abs(value - centre)));
}
