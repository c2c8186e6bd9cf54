/** The lines that stay: the header, one line a settled experiment, and the footer under what is live. */
import { styleText } from 'node:util';
import type { RunView, SettledExperiment } from '../../../src/plugin.ts';
import { estimateText, gained } from './claims.ts';
import { cut, number, oneLine, percent, span } from './format.ts';

const VERDICT_STYLE = { keep: 'green', discard: 'dim', crash: 'red', review: 'magenta' } as const;

export function header(run: RunView): string {
  const { experiments, seconds, usd } = run.budget;
  const limits = [
    ...(experiments === undefined ? [] : [`${experiments} experiments`]),
    ...(seconds === undefined ? [] : [span(seconds)]),
    ...(usd === undefined ? [] : [`$${usd}`]),
  ];
  const goal = `${oneLine(run.objective.label)}, ${run.objective.direction === 'minimize' ? 'lower' : 'higher'} is better`;
  const budget = limits.length === 0 ? 'no limit' : `up to ${limits.join(', ')}`;
  const resumed = run.history.length === 0 ? [] : [`goes on after #${run.history.at(-1)?.id}`];
  return `${styleText('bold', run.name)}  ${styleText('dim', [goal, budget, ...resumed].join(' · '))}`;
}

/** `#12 keep    0.9755  -0.0033  embedding LR 0.6 → 0.8`, cut to the terminal where there is one. */
export function settledLine(experiment: SettledExperiment, decimals: number, columns: number): string {
  const { id, kind, verdict, score, delta, proposal, reason, judgements } = experiment;
  const value = score === null ? '–' : number(score.value, decimals);
  const change = delta === null ? '' : `${delta > 0 ? '+' : ''}${number(delta, decimals)}`;
  const estimate = verdict === 'keep' ? judgements.findLast((judgement) => judgement.estimate)?.estimate : undefined;
  const believed = estimate === undefined ? [] : [estimateText(estimate, decimals)];
  const word = kind === 'control' ? 'control' : verdict;
  const start = [`#${id}`.padStart(4), word.padEnd(7), value.padStart(decimals + 2), change.padStart(decimals + 3), ...believed].join('  ');
  // A drift changes what every later score is compared with.
  const isRoutine = verdict === 'discard' && reason.code !== 'DRIFT';
  const why = verdict === 'keep' ? '' : oneLine(isRoutine ? (reason.text.split('; ')[0] ?? '') : reason.text);
  const words = titled(oneLine(proposal.title), why, columns - start.length - 2);
  return `${styleText(VERDICT_STYLE[verdict], start)}  ${isRoutine ? styleText('dim', words) : words}`;
}

/** Title and reason; where there is not the room for both, each gets half of it, or what the other leaves. */
function titled(title: string, why: string, room: number): string {
  if (why === '') return cut(title, room);
  if (title.length + why.length + 2 <= room) return `${title}: ${why}`;
  const forTitle = Math.max(Math.floor(room / 2) - 2, room - why.length - 2);
  const shown = cut(title, Math.max(0, forTitle));
  return `${shown}: ${cut(why, room - shown.length - 2)}`;
}

/** The state of the run; parts that do not fit are left out from the end. */
export function footer(run: RunView, decimals: number, elapsed: number, columns: number): string {
  const { budget, counts, incumbent, baseline } = run;
  const best = incumbent?.score?.value;
  const done = Math.max(0, run.history.length - run.history.filter((row) => row.kind === 'control').length - (baseline === null ? 0 : 1));
  const parts = [
    best === undefined ? 'measuring the baseline' : `best ${number(best, decimals)}`,
    ...gainParts(run),
    budget.experiments === undefined ? `${done} done` : `${done} of ${budget.experiments} done`,
    `${counts.keep} kept`,
    ...(budget.seconds === undefined ? [] : [`${span(Math.max(0, budget.seconds - run.seconds - elapsed))} left`]),
    ...(budget.usd === undefined ? (run.usd > 0 ? [`$${run.usd.toFixed(2)}`] : []) : [`$${run.usd.toFixed(2)} of $${budget.usd}`]),
  ];
  const fitting = parts.reduce(
    (line, part) => (line.length + part.length + 3 > columns ? line : line === '' ? part : `${line} · ${part}`),
    '',
  );
  return styleText('dim', fitting);
}

function gainParts(run: RunView): string[] {
  const from = run.baseline?.score?.value ?? 0;
  const won = gained(run)?.value ?? 0;
  return from === 0 || won === 0 ? [] : [`${percent(won / Math.abs(from))} better`];
}
