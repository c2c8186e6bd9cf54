import type { RunView, Summary } from '../plugin.ts';
import { cleanLine } from './clean.ts';

/** A rough estimate that is rather too high, for English and code. */
const CHARS_PER_TOKEN = 4;
/** A score this many standard deviations off may still be no loss. */
const CLOSE_SIGMAS = 2;
const CLOSE_P_GAIN = 0.2;

interface Group {
  readonly heading: string;
  /** Its share of the tokens; what it does not use goes to the sections after it. */
  readonly share: number;
  /** The most informative first. */
  readonly of: (history: readonly Summary[], run: RunView) => readonly Summary[];
}

/** In order of priority: an experiment appears only in the first section it fits. */
const GROUPS: readonly Group[] = [
  { heading: 'Kept', share: 0.3, of: (history) => history.filter(({ verdict }) => verdict === 'keep').toReversed() },
  {
    heading: 'Tried on the present best',
    share: 0.3,
    of: (history, { incumbent }) => history.filter(({ parent }) => parent === incumbent?.candidate).toReversed(),
  },
  { heading: 'Discarded, but close', share: 0.15, of: (history, run) => history.filter((summary) => isClose(summary, run)).toReversed() },
  { heading: 'Crashed or refused', share: 0.15, of: (history) => history.filter(({ score }) => score === null).toReversed() },
  { heading: 'Others, the last ones', share: 0.1, of: (history) => history.toReversed() },
];

/** What has been tried, within about as many tokens as are given; empty when nothing has. */
export function digestHistory(run: RunView, tokens: number): string {
  const history = run.history.filter((summary) => summary.kind !== 'control');
  const told = new Set<number>();
  let left = 0;
  const parts: string[] = [];
  for (const { heading, share, of } of GROUPS) {
    left += tokens * CHARS_PER_TOKEN * share;
    const lines: string[] = [];
    for (const summary of of(history, run)) {
      if (told.has(summary.id)) continue;
      const line = lineOf(summary);
      if (line.length + 1 > left) break;
      left -= line.length + 1;
      told.add(summary.id);
      lines.push(line);
    }
    if (lines.length > 0) parts.push(`${heading}:\n${lines.join('\n')}`);
  }
  const untold = history.length - told.size;
  if (untold > 0 && parts.length > 0) parts.push(`(${untold} more ${untold === 1 ? 'is' : 'are'} left out.)`);
  return parts.join('\n\n');
}

function isClose({ verdict, delta, estimate }: Summary, { noise }: RunView): boolean {
  if (verdict !== 'discard' || delta === null) return false;
  const pGain = estimate?.pGain ?? null;
  if (pGain !== null) return pGain >= CLOSE_P_GAIN;
  return noise !== null && Math.abs(delta) <= CLOSE_SIGMAS * noise.sigma;
}

function lineOf({ id, verdict, reason, title, score, delta, estimate }: Summary): string {
  const effect = estimate
    ? ` (estimate ${signed(estimate.effect)}${estimate.pGain === null ? '' : `, P(gain) ${estimate.pGain.toFixed(2)}`})`
    : delta === null
      ? ''
      : ` (${signed(delta)})`;
  const result = score === null ? '' : ` ${Number(score.toPrecision(6))}${effect}`;
  return `- #${id} ${verdict}${result}: ${cleanLine(title, 120)} — ${cleanLine(`${reason.code} ${reason.text}`, 200)}`;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${Number(value.toPrecision(4))}`;
}
