/** Two runs, or two experiments of any runs, side by side. */
import { oneLine } from '../ledger/message.ts';
import { formatBounds } from '../views/estimate.ts';
import { formatNumber, formatPercent, formatSeconds, formatUsd } from '../views/format.ts';
import { cleanTexts, firstLines } from './clean.ts';
import { knobsIn } from './knobs.ts';
import type { Between, ComparedLine, RunComparison } from './compare-model.ts';
import type { PageHead } from './model.ts';
import type { PageSource } from './source.ts';

const MOST_DIFF_LINES = 600;
const MOST_SETTINGS = 100;
const LONGEST_VALUE = 200;

/** @param diff from ours to theirs, as `git diff` prints it */
export function betweenOf(diff: string): Between {
  const { text, left } = firstLines(diff, MOST_DIFF_LINES);
  const knobs = knobsIn(diff).map(({ path, name, before, value }): ComparedLine => [`${name} (${path})`, String(before), String(value)]);
  return cleanTexts({ knobs, diff: text, diffLeft: left });
}

interface Side {
  readonly source: PageSource;
  readonly head: PageHead;
}

/** @param between of the two incumbents; null where one of them has no commit here */
export function compareRuns(ours: Side, theirs: Side, between: Between | null): RunComparison {
  const sides = [ours, theirs] as const;
  const line = (name: string, text: (side: Side) => string): ComparedLine => [name, text(ours), text(theirs)];
  const settings = sides.map(({ source }) => flatten(source.record.opening.config));
  const names = [...new Set(settings.flatMap((one) => [...one.keys()]))];
  const differing = names
    .map((name): ComparedLine => [name, ...settings.map((one) => one.get(name) ?? '–')] as unknown as ComparedLine)
    .filter(([, a, b]) => a !== b);
  return cleanTexts({
    other: theirs.head,
    lines: [
      line('state', ({ head: { state } }) => (state.kind === 'stopped' ? `stopped: ${state.reason.text}` : state.kind)),
      line('measures', ({ head: { objective } }) => `${objective.label}, ${objective.direction}`),
      line('baseline', ({ head: { baseline, decimals } }) => (baseline === null ? '–' : formatNumber(baseline.score, decimals))),
      line('incumbent', incumbentText),
      line('gain by the scores', ({ head: { gain, decimals } }) => gainText(gain, decimals)),
      line('audited', ({ head: { claim } }) => claim || 'not audited'),
      line('guards', ({ head: { brief } }) => brief.guards),
      line('experiments', ({ head: { used } }) => String(used.experiments)),
      line('kept', ({ head: { course } }) => String(Math.max(0, course.filter(({ isRollback }) => !isRollback).length - 1))),
      line('time', ({ head: { used } }) => formatSeconds(used.seconds)),
      line('cost', ({ head: { used, isCostKnown } }) => (isCostKnown ? formatUsd(used.usd) : 'unknown')),
      line('noise, sigma', ({ head: { sigma, digits } }) => (sigma === null ? 'unknown' : formatNumber(sigma, digits + 1))),
      line('host', ({ source }) => source.record.opening.host),
      line('started from', ({ source }) => source.record.opening.base.slice(0, 7)),
    ],
    settings: differing.slice(0, MOST_SETTINGS),
    between,
  });
}

/** Its score, with what the gates believe of it where they say. */
function incumbentText({ head: { incumbent, belief, decimals, digits } }: Side): string {
  if (incumbent === null) return '–';
  const interval =
    belief !== null &&
    belief.sd > 0 &&
    formatBounds({ value: belief.mean, low: belief.mean - 1.96 * belief.sd, high: belief.mean + 1.96 * belief.sd }, digits);
  return `#${incumbent.id}, ${formatNumber(incumbent.score, decimals)}${interval ? `, believed ${interval}` : ''}`;
}

function gainText(gain: PageHead['gain'], decimals: number): string {
  if (gain === null) return '–';
  return `${formatNumber(gain.value, decimals)}${gain.fraction === null ? '' : `, ${formatPercent(gain.fraction)}`}`;
}

/** Every leaf of a config by its path, as text. */
function flatten(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  const isList = Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null);
  if (typeof value !== 'object' || value === null || isList) into.set(path, oneLine(JSON.stringify(value) ?? '–', LONGEST_VALUE));
  else for (const [name, inner] of Object.entries(value)) flatten(inner, path === '' ? name : `${path}.${name}`, into);
  return into;
}
