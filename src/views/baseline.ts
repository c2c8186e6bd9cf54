/** What `check --measure` found, and what it means for the budget. */
import type { BaselineReport } from '../analysis/measure-baseline.ts';
import type { RunView } from '../plugin.ts';
import { formatSeconds } from './format.ts';

/** In seconds. */
const NIGHT = 8 * 3600;

const short = (value: number) => Number(value.toPrecision(4)).toString();

export function renderBaseline(report: BaselineReport, budget: RunView['budget']): string {
  const { objective, scores, mean, sigma, smallestEffect, secondsPerTrial, recommended } = report;
  const share = mean === 0 ? '' : ` (${short((100 * sigma) / Math.abs(mean))} % of the mean)`;
  return [
    `baseline   ${objective.label} ${scores.map(short).join(', ')}; mean ${short(mean)}`,
    `noise      one trial varies by ${short(sigma)}${share}, estimated from ${scores.length} trials`,
    sigma === 0
      ? 'effect     every trial gave the same number: any difference is real on this machine'
      : `effect     two single trials must differ by ${short(smallestEffect)} before chance alone becomes unlikely (1 in 20)`,
    `gate       ${adviceOf(recommended)}`,
    `time       ${formatSeconds(secondsPerTrial)} a trial, so at most ${Math.floor(3600 / Math.max(secondsPerTrial, 1e-3))} trials an hour, without the agent's own time`,
    `budget     ${forecastOf(secondsPerTrial, budget)}`,
  ].join('\n');
}

function adviceOf(recommended: BaselineReport['recommended']): string {
  if (recommended === 'min-delta') return '{ use: min-delta } is enough';
  return '{ use: posterior, with: { profile: balanced } }; `progress` where nobody reviews each keep, `strict` where each keep is costly';
}

function forecastOf(secondsPerTrial: number, { experiments, seconds, usd }: RunView['budget']): string {
  const parts = [
    experiments !== undefined && `${experiments} experiments of one trial take ${formatSeconds(experiments * secondsPerTrial)}`,
    seconds === undefined ? `a night of ${hold(NIGHT, secondsPerTrial)}` : hold(seconds, secondsPerTrial),
    usd !== undefined && `$${usd} for proposals, whose price only the agent's first answers will show`,
  ];
  return parts.filter(Boolean).join('; ');
}

function hold(seconds: number, perTrial: number): string {
  return `${formatSeconds(seconds)} holds about ${Math.floor(seconds / Math.max(perTrial, 1e-3))} trials, one or two for each change that is tried`;
}
