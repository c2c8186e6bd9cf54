/** The head of the page: the run at a glance, and what the chart is drawn from besides the rows. */
import { budgetOf } from '../engine/decide/budget.ts';
import { branchName } from '../ledger/ledger.ts';
import { budgetInForce } from '../ledger/read.ts';
import { trustOfRun } from '../ledger/records.ts';
import { TRUST_LEVELS } from '../trust.ts';
import { claimText } from '../views/claim.ts';
import { IMPORTED_TEXT, incumbentSteps } from '../views/incumbent-steps.ts';
import { decimalsForEstimates, isDust } from '../views/estimate.ts';
import { decimalsFor, formatSeconds, formatUsd } from '../views/format.ts';
import { guardNames } from '../views/headline.ts';
import { lateGainsText } from '../views/late.ts';
import { levelsOf } from '../views/levels.ts';
import { formatSigma, noiseOf } from '../views/noise.ts';
import { statusOf, type Status } from '../views/status.ts';
import { firstLines } from './clean.ts';
import type { PageHead, PageState } from './model.ts';
import type { PageSource } from './source.ts';

/** `program` is the direction that the user wrote. */
export function pageHead(source: PageSource, program = ''): PageHead {
  const { record, rows, audits, reviews, state, now } = source;
  const { opening, sessions, run } = record;
  const status = statusOf({
    run,
    branch: branchName(run),
    openedAt: opening.at,
    objective: opening.objective,
    trust: trustOfRun(opening),
    state,
    rows,
    audits,
    reviews,
    guards: guardNames(opening.config.gates),
    noise: noiseOf(rows, opening),
    budget: budgetOf(budgetInForce(sessions)),
    now,
  });
  const decimals = decimalsFor(rows);
  const { claim, belief, noise } = status;
  return {
    run,
    branch: status.branch,
    project: projectOf(program),
    objective: status.objective,
    state: stateOf(source),
    brief: status.headline,
    claim: claim === null ? '' : claimText(claim, decimals),
    claimShown: claim?.shown ?? null,
    baseline: status.baseline,
    incumbent: status.incumbent,
    gain: status.gain,
    // Without doubt it is the score itself.
    belief: belief === null || belief.sd === 0 || isDust(belief.sd, belief.mean) ? null : { mean: belief.mean, sd: belief.sd },
    sigma: noise?.sigma ?? null,
    decimals,
    digits: decimalsForEstimates(rows, decimals),
    used: { experiments: status.experiments.done, ...status.used },
    isCostKnown: rows.some(({ usd }) => usd !== undefined),
    budget: status.budget,
    forecast: status.forecast,
    stats: statsOf(status),
    notes: notesOf(status, opening.imported !== undefined),
    nodes: source.swarm?.nodes.length ?? 0,
    waiting: status.reviews.waiting + status.reviews.asked,
    total: rows.length,
    course: incumbentSteps(rows, audits).map(({ after, id, score, cause }) => ({ after, id, score, isRollback: cause === 'rollback' })),
    levels: levelsOf(rows, audits).map(({ after, value, low, high, audit }) => ({
      after,
      value,
      low,
      high,
      isRolledBack: audit.rolledBack,
      text: audit.text,
    })),
    openedAt: status.openedAt,
    at: now,
  };
}

function stateOf({ state }: PageSource): PageState {
  if (state.kind !== 'running') return state;
  return { kind: state.paused !== undefined ? 'paused' : 'running', pid: state.pid };
}

/** The first paragraph of the program that is no heading, without the marks of Markdown. */
function projectOf(program: string): string {
  const paragraphs = program
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .split(/\n\s*\n/)
    .map((text) => text.replaceAll(/^#.*$/gm, '').trim());
  const first = (paragraphs.find((text) => text !== '') ?? '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll(/(`|\*\*)([^`*]+)\1/g, '$2');
  return firstLines(first.length > 280 ? `${first.slice(0, 279)}…` : first, 1).text;
}

function statsOf({ experiments, reviews, late, used, noise, trust }: Status): [string, string][] {
  const some = (count: number, name: string): [string, string][] => (count > 0 ? [[name, String(count)]] : []);
  return [
    ['experiments', String(experiments.done)],
    ['kept', String(experiments.keep)],
    ...some(experiments.rolledBack, 'rolled back'),
    ['discarded', String(experiments.discard)],
    ['crashed', String(experiments.crash)],
    ...some(experiments.review, 'parked'),
    ...some(reviews.waiting + reviews.asked, 'to decide'),
    ...some(reviews.approved, 'approved'),
    ...some(reviews.rejected, 'rejected'),
    ...some(experiments.controls, 'controls besides'),
    ...(late === null ? [] : [['late gains', lateGainsText(late)] satisfies [string, string]]),
    ['time', formatSeconds(used.seconds)],
    ...(used.usd > 0 ? [['cost', formatUsd(used.usd)] satisfies [string, string]] : []),
    ...(noise === null
      ? []
      : [[`noise, sigma${noise.source === 'repeats' ? ` (df ${noise.df})` : ''}`, formatSigma(noise.sigma)] satisfies [string, string]]),
    ...(trust === null ? [] : [['number', TRUST_LEVELS[trust]] satisfies [string, string]]),
  ];
}

function notesOf({ drifted, lost }: Status, isImported: boolean): string[] {
  return [
    ...(lost === null ? [] : [`${lost}.`]),
    ...(isImported ? [`${IMPORTED_TEXT.charAt(0).toUpperCase()}${IMPORTED_TEXT.slice(1)}.`] : []),
    ...(drifted
      ? ['The machine or the data changed during the run: first and last score cannot be compared, so gains are added up keep by keep.']
      : []),
  ];
}
