/** Hands what a page asks for to the run, and says what came of it. */
import type { RunDecision } from '../contract/decisions.ts';
import { AutoresearchError } from '../errors.ts';
import { queueHint } from '../engine/propose/hints.ts';
import { runDirOf } from '../engine/session/lock-run.ts';
import { openRepository } from '../git/repository.ts';
import { decide } from '../review/decide.ts';
import { DECIDED } from '../ledger/reviews.ts';

interface Place {
  readonly cwd: string;
  readonly run: string;
}

export async function submitWish({ cwd, run }: Place, decision: RunDecision): Promise<string> {
  if (decision.kind === 'steer') {
    queueHint(runDirOf(await openRepository(cwd), run), decision.text);
    return 'the hint waits for the next proposal';
  }
  if (decision.kind === 'review') {
    const { experiment, note, by } = decision;
    await decide({ cwd, run }, by, [{ experiment, decision: decision.decision, note }]);
    return `#${experiment} ${DECIDED[decision.decision]}`;
  }
  throw new AutoresearchError('USAGE', 'a run cannot be told this yet', { hint: 'press Ctrl-C where it runs' });
}
