/** What a change brought, in words: the same on the page, in a terminal and in a pull request. */
import type { Reviewable } from '../review/queue.ts';
import { formatInterval, formatProbability, isBounded, type Interval } from './estimate.ts';
import { formatNumber, plural } from './format.ts';

/**
 * Beside the word "gain", whichever way the metric is better: `0.0033 ± 0.0010, P(gain) 0.97, from 3 trials`. A loss is called
 * so, and a raw figure too.
 * @param decimals of scores
 * @param digits of estimates, which may be finer
 */
export function effectText(
  { estimated, worth, row }: Pick<Reviewable, 'estimated' | 'worth' | 'row'>,
  decimals: number,
  digits: number,
): string {
  if (worth === null) return 'nothing was measured';
  const trials = `from ${plural(row.n ?? 1, 'trial')}`;
  const word = worth < 0 ? 'none: a loss of ' : '';
  if (estimated === null || !isBounded(estimated.low, estimated.high))
    return `${word}${formatNumber(Math.abs(worth), decimals)} by the raw scores, ${trials}`;
  const pGain = row.estimate?.pGain ?? null;
  const sure = pGain === null ? '' : `, P(gain) ${formatProbability(pGain)}`;
  return `${word}${formatInterval(worth < 0 ? negated(estimated) : estimated, digits)}${sure}, ${trials}`;
}

function negated({ value, low, high }: Interval): Interval {
  return { value: -value, low: -high, high: -low };
}
