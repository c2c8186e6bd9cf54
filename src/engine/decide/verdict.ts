import type { Judgement, Reason, Verdict } from '../../experiment.ts';

/** Combines the judgements of all gates; `more` asks for another trial first. */
export type Decision = { readonly verdict: Extract<Verdict, 'keep' | 'discard' | 'review'>; readonly reason: Reason } | 'more';

/** A failure comes first, then a request for more trials, then one for a human; otherwise it is a keep. */
export function decide(judgements: readonly Judgement[], improvementGates: ReadonlySet<string>): Decision {
  const waiver = judgements.find((judgement) => judgement.outcome === 'pass' && judgement.waives === 'improvement');
  const isWaived = (judgement: Judgement) => waiver !== undefined && improvementGates.has(judgement.gate);
  const failed = judgements.find((judgement) => judgement.outcome === 'fail' && !isWaived(judgement));
  if (failed) return { verdict: 'discard', reason: reasonOf(failed) };
  if (judgements.some((judgement) => judgement.outcome === 'more' && !isWaived(judgement))) return 'more';
  const review = judgements.find((judgement) => judgement.outcome === 'review');
  if (review) return { verdict: 'review', reason: reasonOf(review) };
  const improvement = judgements.find((judgement) => improvementGates.has(judgement.gate) && judgement.outcome === 'pass') ?? waiver;
  return { verdict: 'keep', reason: improvement ? reasonOf(improvement) : { code: 'PASSED', text: 'every gate passed' } };
}

function reasonOf({ code, reason }: Judgement): Reason {
  return { code, text: reason };
}
