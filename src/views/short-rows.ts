import type { Estimate, Summary } from '../plugin.ts';
import { oneLine } from '../ledger/message.ts';
import type { ShortRow } from './short-row.ts';

const MOST_TITLE = 60;
const COMMIT_DIGITS = 7;

/** @param at when it was settled, in seconds since 1970 */
export function shortRowOf(summary: Summary, at: number): ShortRow {
  const { id, kind, verdict, reason, title, score, delta, estimate, agent, usd, tokens, seconds, slot, candidate } = summary;
  return {
    id,
    kind,
    verdict,
    code: reason.code,
    title: oneLine(title, MOST_TITLE),
    ...(score !== null && { score: rounded(score, 7) }),
    ...(delta !== null && { delta: estimate ? decimals(delta, estimate, 3) : rounded(delta, 4) }),
    ...(estimate && { low: decimals(estimate.low, estimate, 2), high: decimals(estimate.high, estimate, 2) }),
    ...(typeof estimate?.pGain === 'number' && { pGain: rounded(estimate.pGain, 2) }),
    agent,
    ...(usd !== undefined && { cost: rounded(usd, 3) }),
    ...(tokens !== undefined && { tokens }),
    seconds: seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds),
    at,
    ...(slot !== undefined && slot !== 'default' && { slot }),
    ...(candidate !== null && { candidate: candidate.slice(0, COMMIT_DIGITS) }),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** With so many digits of the width of the interval: the ones after them mean nothing. */
function decimals(value: number, { low, high }: Estimate, digits: number): number {
  const width = high - low;
  if (!Number.isFinite(width) || width <= 0) return rounded(value, 4);
  const places = digits - 1 - Math.floor(Math.log10(width));
  return places < 0 || places > 20 ? rounded(value, 4) : Number(value.toFixed(places));
}
