import { deepFreeze, type Judgement, type Score } from '../../experiment.ts';
import type { Judgements } from '../../hooks.ts';

/** Where the gates leave their judgements; each sees those given before its own. */
export interface CollectedJudgements extends Judgements {
  readonly list: readonly Judgement[];
}

/** Begins with the objective's constraints that are not met: each one is a failure. */
export function collectJudgements({ violations = [] }: Pick<Score, 'violations'>): CollectedJudgements {
  const list: Judgement[] = violations.map((reason) => deepFreeze({ gate: 'objective', outcome: 'fail', code: 'CONSTRAINT', reason }));
  return {
    list,
    get given() {
      return Object.freeze([...list]);
    },
    add: (judgement) => void list.push(deepFreeze(judgement)),
  };
}
