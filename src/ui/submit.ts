/** Hands what a person asked for on a page to the run, as the command line does, and says what came of it. */
import type { RunDecision } from '../contract/decisions.ts';
import { DECIDED } from '../ledger/reviews.ts';
import { enqueueDecision } from '../review/submit.ts';

interface Place {
  readonly cwd: string;
  readonly run: string;
}

const QUEUED = {
  steer: () => 'the hint waits for the next proposal',
  pause: () => 'the run pauses after the experiment under way',
  resume: () => 'the run goes on',
  stop: () => 'the run ends after the experiment under way',
  review: ({ experiment, decision }: Extract<RunDecision, { kind: 'review' }>) =>
    `#${experiment} ${DECIDED[decision]}: recorded after the experiment under way`,
};

export async function submitDecision(place: Place, decision: RunDecision): Promise<string> {
  const done = await enqueueDecision(place, decision);
  if (done.state === 'recorded') return `#${done.record.experiment} ${DECIDED[done.record.decision]}`;
  return decision.kind === 'review' ? QUEUED.review(decision) : QUEUED[decision.kind]();
}
