/** The evidence on one experiment: what the gates said, their estimates, and the values they used. */
import type { Judgement, SettledExperiment, Trial } from '../experiment.ts';
import { summarize } from '../model/summarize.ts';
import { decimalsForEstimates, decimalsOfSpread, formatEstimate, formatProbability, isDust } from './estimate.ts';
import { formatNumber, plural } from './format.ts';
import type { Paint } from './paint.ts';
import { sparkline } from './sparkline.ts';
import { oneLine, pad, widthOf, wrap } from './text.ts';

const OUTCOME_STYLE = { pass: 'green', fail: 'red', more: 'yellow', review: 'magenta' } as const satisfies Record<
  Judgement['outcome'],
  string
>;

/** `a change of -0.0021 ± 0.0010, P(gain) 0.93, from 2 trials (posterior/1)`. */
export function estimateText(experiment: SettledExperiment, decimals: number): string | null {
  const { estimate } = summarize(experiment);
  if (estimate === undefined) return null;
  const sure = estimate.pGain === null ? '' : `, P(gain) ${formatProbability(estimate.pGain)}`;
  const digits = decimalsForEstimates([{ estimate }], decimals);
  return `a change of ${formatEstimate(estimate, digits)}${sure}, from ${plural(estimate.n, 'trial')} (${oneLine(estimate.method)})`;
}

/** What is believed of the incumbent's true score once the verdict has been followed; null where that is the score itself. */
export function beliefText(experiment: SettledExperiment, decimals: number): string | null {
  const { belief } = summarize(experiment);
  if (belief === undefined || belief.sd === 0 || isDust(belief.sd, belief.mean)) return null;
  const digits = decimalsOfSpread(belief.sd, decimals);
  return `incumbent at ${formatNumber(belief.mean, digits)} ± ${formatNumber(belief.sd, digits)} after this`;
}

export function judgementText(judgement: Judgement, paint: Paint, width: number | undefined): string {
  const head = `  ${paint(OUTCOME_STYLE[judgement.outcome], pad(judgement.outcome, 6))} ${oneLine(judgement.gate)} ${paint('dim', oneLine(judgement.code))}`;
  const evidence = evidenceLines(judgement.evidence, (width ?? Infinity) - INDENT.length).map((line) => INDENT + paint('dim', line));
  return [head, wrap(oneLine(judgement.reason), width, INDENT), ...evidence].join('\n');
}

const INDENT = ' '.repeat(9);

/** As JSON on one line; lists and tables that do not fit get a line for each part. */
function evidenceLines(evidence: Judgement['evidence'], room: number): string[] {
  if (evidence === undefined) return [];
  const whole = oneLine(JSON.stringify(evidence));
  const isFlat = Object.values(evidence).every((value) => typeof value !== 'object');
  if (isFlat || widthOf(whole) <= room) return [whole];
  return Object.entries(evidence).map(([name, value]) => oneLine(`${name}: ${JSON.stringify(value)}`));
}

/** Each curve of each trial as a line of blocks, from its first value to its last. */
export function curvesText(trials: readonly Trial[]): string {
  const curves = trials.flatMap((trial) =>
    Object.entries(trial.curves ?? {}).map(([metric, curve]) => ({ trial, metric: oneLine(metric), curve })),
  );
  const names = Math.max(0, ...curves.map(({ metric }) => widthOf(metric)));
  return curves
    .flatMap(({ trial, metric, curve }) => {
      const [first, last] = [curve[0], curve.at(-1)];
      if (first === undefined || last === undefined) return [];
      const ends = `${significant(first[1])} → ${significant(last[1])}`;
      return [
        `  ${trial.index}  ${pad(metric, names)}  ${sparkline(curve.map(([, value]) => value))}  ${ends} at ${Math.round(100 * last[0])}% of the budget`,
      ];
    })
    .join('\n');
}

const significant = (value: number): string => String(Number(value.toPrecision(4)));
