import type { ReviewDecision } from '../contract/decisions.ts';
import { AutoresearchError } from '../errors.ts';
import type { ReviewRecord } from '../ledger/review-records.ts';
import type { Summary } from '../plugin.ts';
import { MOST_TEXT } from './parse.ts';
import { isReviewable } from './reviewable.ts';

interface Reviewed {
  readonly run: string;
  readonly rows: readonly Summary[];
  readonly at: string;
  /** Its name in the queue, if it was queued. */
  readonly id?: string;
}

/** The record of a review. Refuses what cannot be decided on, and a question without words. */
export function reviewRecord({ experiment, decision, note, by }: ReviewDecision, { run, rows, at, id }: Reviewed): ReviewRecord {
  const candidate = candidateOf(run, rows, experiment);
  const text = note.toWellFormed().trim();
  if (decision === 'ask' && text === '') {
    throw new AutoresearchError('USAGE', `#${experiment} is asked about without a question`, { hint: '--note "what you want to know"' });
  }
  if (text.length > MOST_TEXT) {
    throw new AutoresearchError('USAGE', `a note of ${text.length} characters is too long`, { hint: `at most ${MOST_TEXT}` });
  }
  return { v: 1, kind: 'review', at, experiment, candidate, decision, note: text, by, ...(id !== undefined && { id }) };
}

/** The commit that a decision is about; refuses experiments that cannot be decided on. */
function candidateOf(run: string, rows: readonly Summary[], id: number): string {
  const row = rows.find((summary) => summary.id === id);
  if (row === undefined) {
    throw new AutoresearchError('EXPERIMENT_NOT_FOUND', `run ${run} has no experiment ${id}`, {
      hint: `what is there to decide: autoresearch review ${run} --json`,
    });
  }
  const { verdict, candidate, parent } = row;
  if (candidate !== null && isReviewable(row)) return candidate;
  const what = candidate === parent ? 'changes nothing' : verdict === 'crash' ? 'crashed' : 'was discarded';
  throw new AutoresearchError('NOT_REVIEWABLE', `#${id} ${what}: there is nothing to decide`, {
    hint: `keeps and parked experiments are decided: autoresearch review ${run} --json`,
  });
}
