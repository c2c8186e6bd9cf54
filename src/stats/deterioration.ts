/** Has something become worse? A flag for the record. Finding nothing proves nothing; only a test of non-inferiority does. */
import { ensure, ensureProbability } from './check.ts';

/**
 * The exact one-sided p-value of McNemar's test: how often at least `broken` of the changed items would be broken ones
 * if breaking and fixing were equally likely.
 */
export function deteriorationPValue(broken: number, fixed: number): number {
  const whole = [broken, fixed].every((count) => Number.isInteger(count) && count >= 0);
  ensure(whole, 'broken and fixed must be counts', `${broken} and ${fixed}`);
  const changed = broken + fixed;
  if (broken === 0) return 1;
  let logTerm = -changed * Math.LN2;
  let sum = Math.exp(logTerm);
  // P(broken items or more) = P(fixed items or fewer), which has the shorter sum where it matters.
  for (let k = 1; k <= fixed; k++) {
    logTerm += Math.log((changed - k + 1) / k);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/** Did an item that the anchor got right really fail: in most of its attempts (the first one and its retries)? A tie counts as failed. */
export function failsMostly(attempts: readonly boolean[]): boolean {
  const failures = attempts.filter((right) => !right).length;
  return attempts.length > 0 && 2 * failures >= attempts.length;
}

/** The probability that at least one of `n` unchanged items fails by chance, each with probability `flakeRate`. */
export function falseAlarmRate(flakeRate: number, n: number): number {
  ensure(flakeRate >= 0 && flakeRate <= 1 && n >= 0, 'a flake rate must be from 0 to 1 and n 0 or more', `${flakeRate} and ${n}`);
  return n === 0 ? 0 : -Math.expm1(n * Math.log1p(-flakeRate));
}

/** The failure rate that no failure in `n` items still allows, at confidence 1 - alpha: about 3 / n. */
export function rateBound(n: number, alpha = 0.05): number {
  ensureProbability(alpha, 'alpha');
  return n > 0 ? -Math.expm1(Math.log(alpha) / n) : 1;
}
