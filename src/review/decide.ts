import { randomUUID } from 'node:crypto';
import { AutoresearchError } from '../errors.ts';
import type { RunRecord } from '../ledger/read.ts';
import type { Decision, Reviewer, ReviewRecord } from '../ledger/review-records.ts';
import { isReviewable } from './queue.ts';
import { withStoppedRun, type RunPlace } from './stopped-run.ts';

export interface Asked {
  readonly experiment: number;
  readonly decision: Decision;
  readonly note: string;
}

export const MOST_NOTE = 10_000;

/** Writes decisions into the run's ledger, an entry each. All of them are checked before the first is written. */
export async function decide(place: RunPlace, by: Reviewer, asked: readonly Asked[]): Promise<ReviewRecord[]> {
  return withStoppedRun(place, randomUUID(), async ({ record, ledger }) => {
    const at = new Date().toISOString();
    const decisions = asked.map((one) => recordOf(record, one, by, at));
    for (const decision of decisions) await ledger.append(decision);
    return decisions;
  });
}

function recordOf(record: RunRecord, { experiment, decision, note }: Asked, by: Reviewer, at: string): ReviewRecord {
  const candidate = candidateOf(record, experiment);
  const text = note.toWellFormed().trim();
  if (decision === 'ask' && text === '') {
    throw new AutoresearchError('USAGE', `#${experiment} is asked about without a question`, { hint: '--note "what you want to know"' });
  }
  if (text.length > MOST_NOTE) {
    throw new AutoresearchError('USAGE', `a note of ${text.length} characters is too long`, { hint: `at most ${MOST_NOTE}` });
  }
  return { v: 1, kind: 'review', at, experiment, candidate, decision, note: text, by };
}

/** The commit that a decision is about; refuses experiments that cannot be decided on. */
function candidateOf({ run, summaries }: RunRecord, id: number): string {
  const row = summaries.find((summary) => summary.id === id);
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
