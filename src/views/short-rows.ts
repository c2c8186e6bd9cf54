import type { Summary } from '../plugin.ts';
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
    ...(delta !== null && { delta: rounded(delta, 4) }),
    ...(estimate && { low: rounded(estimate.low, 3), high: rounded(estimate.high, 3) }),
    ...(typeof estimate?.pGain === 'number' && { pGain: rounded(estimate.pGain, 3) }),
    agent,
    ...(usd !== undefined && { cost: rounded(usd, 3) }),
    ...(tokens !== undefined && { tokens }),
    seconds: Math.round(seconds),
    at,
    ...(slot !== undefined && slot !== 'default' && { slot }),
    ...(candidate !== null && { candidate: candidate.slice(0, COMMIT_DIGITS) }),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
