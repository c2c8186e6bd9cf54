/** What a person decides on: what waits, then what was decided. */
import type { SettledExperiment } from '../experiment.ts';
import type { ReviewRecord } from '../ledger/review-records.ts';
import { DECIDED, promotionsOf } from '../ledger/reviews.ts';
import { isOpen, reviewQueue, type Reviewable } from '../review/queue.ts';
import { effectText } from '../views/effect-text.ts';
import { decimalsForEstimates } from '../views/estimate.ts';
import { decimalsFor, shortCommit } from '../views/format.ts';
import { cleanTexts } from './clean.ts';
import type { Decide, DecideItem, PageDecision } from './model.ts';
import { rowMaker, type PageSource } from './source.ts';

/** More than a person decides on at one time; the list of all experiments has the rest. */
const MOST = 200;

/** The changes to show, in this order; whole records are read for these alone. */
export function toDecide({ rows, reviews, audits, record }: PageSource): Reviewable[] {
  const queue = reviewQueue({ summaries: rows, reviews, audits, direction: record.opening.objective.direction });
  const shown = queue.filter((item) => item.isParked || item.reviews.length > 0 || isOpen(item));
  return [...shown.filter(isFirst), ...shown.filter((item) => !isFirst(item))].slice(0, MOST);
}

/** Parked changes wait for an answer; kept ones can be decided on, and do not have to be. */
const isFirst = (item: Reviewable): boolean => isOpen(item) && (item.isParked || item.standing === 'asked');

export function decideOf(source: PageSource, items: readonly Reviewable[], experiments: ReadonlyMap<number, SettledExperiment>): Decide {
  const toRow = rowMaker(source);
  const decimals = decimalsFor(source.rows);
  const digits = decimalsForEstimates(source.rows, decimals);
  return cleanTexts({
    items: items.map((item): DecideItem => {
      const experiment = experiments.get(item.row.id);
      return {
        row: toRow(item.row),
        isParked: item.isParked,
        standing: item.standing,
        gain: effectText(item, decimals, digits),
        hypothesis: experiment?.proposal.hypothesis ?? '',
        rationale: experiment?.proposal.rationale ?? '',
        risks: experiment?.proposal.risks ?? [],
        reason: item.row.reason.text,
        decisions: item.reviews.map(pageDecision),
      };
    }),
    promotions: promotionsOf(source.record.sessions).map(({ branch, commit, changes, onto, leftOut, by, audit }) => ({
      branch,
      text: [
        `at ${shortCommit(commit)}: ${changes.map(({ experiment }) => `#${experiment}`).join(', ')} on ${shortCommit(onto)}, by ${by.name}`,
        audit?.text ?? 'not audited',
        ...(leftOut.length > 0 ? [`left out: ${leftOut.map(({ text }) => text).join('; ')}`] : []),
      ].join('; '),
    })),
  });
}

export function pageDecision({ decision, by, at, note }: ReviewRecord): PageDecision {
  return { standing: DECIDED[decision], by: by.email === null ? by.name : `${by.name} <${by.email}>`, at, note };
}
