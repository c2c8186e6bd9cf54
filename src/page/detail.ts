/** One experiment as the page shows it, from its record. */
import type { SettledExperiment, Trial } from '../experiment.ts';
import { summarize } from '../model/summarize.ts';
import { isReviewable } from '../decisions/reviewable.ts';
import { decimalsFor, formatSeconds, formatUsd, plural } from '../views/format.ts';
import { beliefText, estimateText } from '../views/show-evidence.ts';
import { thin } from '../views/sparkline.ts';
import { cleanTexts, clipLine, firstLines, lastLines } from './clean.ts';
import { pageDecision } from './decide.ts';
import type { NamedCurve, PageDetail, PageTrial } from './detail-model.ts';
import { rowMaker, type PageSource } from './source.ts';

const MOST_POINTS = 200;
const MOST_DIFF_LINES = 400;
const MOST_LOG_LINES = 40;
const MOST_EVIDENCE = 4000;
const MOST_SAMPLES = 8;
const MOST_TRIALS = 200;

export interface DetailInput {
  readonly experiment: SettledExperiment;
  /** As `git diff` prints it. */
  readonly diff: string;
  readonly log: string;
  /** The incumbent it was compared with, where it was read. */
  readonly incumbent: SettledExperiment | null;
}

export function pageDetail(source: PageSource, input: DetailInput): PageDetail {
  const { experiment } = input;
  const { proposal, judgements, trials, beside = [] } = experiment;
  const summary = summarize(experiment);
  const decimals = decimalsFor(source.rows);
  const diff = firstLines(input.diff, MOST_DIFF_LINES);
  return cleanTexts({
    row: rowMaker(source)(summary),
    direction: source.record.opening.objective.direction,
    reason: experiment.reason,
    title: proposal.title,
    hypothesis: proposal.hypothesis,
    rationale: proposal.rationale,
    risks: proposal.risks,
    hints: proposal.hints ?? [],
    expected: proposal.expected ?? null,
    estimate: estimateText(experiment, decimals) ?? '',
    belief: beliefText(experiment, decimals) ?? '',
    metrics: experiment.metrics,
    params: proposal.params ?? {},
    judgements: judgements.map(({ gate, outcome, code, reason, evidence }) => ({
      gate,
      outcome,
      code,
      reason,
      evidence: evidence === undefined ? '' : JSON.stringify(cleanTexts(evidence)).slice(0, MOST_EVIDENCE),
    })),
    trials: trials.slice(0, MOST_TRIALS).map(pageTrial),
    beside: beside.slice(0, MOST_TRIALS).map(pageTrial),
    curves: curvesOf(trials),
    incumbent: experiment.incumbent && { ...experiment.incumbent, curves: curvesOf(input.incumbent?.trials ?? []) },
    changes: experiment.changes.slice(0, 100).map(({ path, kind }) => ({ path, kind })),
    diff: diff.text,
    diffLeft: diff.left,
    log: experiment.verdict === 'crash' ? lastLines(input.log, MOST_LOG_LINES) : '',
    samples: experiment.verdict === 'crash' ? [] : samplesIn(input.log),
    decisions: (source.reviews.get(experiment.id) ?? []).map(pageDecision),
    isReviewable: isReviewable(summary),
    parent: experiment.parent,
    candidate: experiment.candidate,
    startedAt: experiment.startedAt,
    settledAt: experiment.settledAt,
    origin: originOf(experiment),
  });
}

/** `sample: text`, one a line: what a model writes, say, so that a reader sees what a score means. */
function samplesIn(log: string): string[] {
  const found = [...log.matchAll(/^sample:[ \t]*(\S.*)$/gm)].map(([, text = '']) => clipLine(text));
  return found.slice(-MOST_SAMPLES);
}

function pageTrial({ index, seed, slot, commit, startedAt, exit, exitCode, signal, seconds, peakMemoryMb, metrics }: Trial): PageTrial {
  return { index, seed, slot, commit, startedAt, exit, exitCode, signal, seconds, peakMemoryMb, metrics };
}

function curvesOf(trials: readonly Trial[]): NamedCurve[] {
  return trials.flatMap(({ index, curves = {} }) =>
    Object.entries(curves).flatMap(([metric, points]) =>
      points.length > 1 ? [{ metric, trial: index, points: thin(points, MOST_POINTS) }] : [],
    ),
  );
}

function originOf({ proposal, diff, seconds, crashed = [], again, moved }: SettledExperiment): string {
  const { usage } = proposal;
  const tokens = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
  return [
    `by ${proposal.agent}${proposal.model === undefined ? '' : ` (${proposal.model})`}`,
    ...(again !== undefined ? [`the change of #${again} again`] : []),
    ...(moved ? ['moved onto a later incumbent'] : []),
    ...(diff === null ? [] : [`${plural(diff.files, 'file')}, +${diff.added} −${diff.removed}`]),
    ...(crashed.length > 0 ? [`fixed after ${plural(crashed.length, 'crash').replace(/crashs$/, 'crashes')}`] : []),
    formatSeconds(seconds),
    ...(tokens > 0 ? [`${tokens.toLocaleString('en-US')} tokens`] : []),
    ...(usage?.usd === undefined ? [] : [formatUsd(usage.usd)]),
  ].join(', ');
}
