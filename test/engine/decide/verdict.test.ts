import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/engine/decide/verdict.ts';
import type { Judgement } from '../../../src/experiment.ts';

type Outcome = Judgement['outcome'];
const IMPROVEMENT = new Set(['posterior']);
const judgement = (gate: string, outcome: Outcome, more: Partial<Judgement> = {}): Judgement => ({
  gate,
  outcome,
  code: `${gate}-${outcome}`.toUpperCase(),
  reason: `${gate} says ${outcome}`,
  ...more,
});
const WAIVER = judgement('simplicity', 'pass', { waives: 'improvement' });
const verdictOf = (...judgements: Judgement[]) => {
  const decision = decide(judgements, IMPROVEMENT);
  return decision === 'more' ? 'more' : `${decision.verdict} ${decision.reason.code}`;
};

describe('decide', () => {
  it.each<[string, Judgement[], string]>([
    ['a failure before a wish for more trials', [judgement('posterior', 'more'), judgement('guardrail', 'fail')], 'discard GUARDRAIL-FAIL'],
    ['a wish for more trials before a human', [judgement('approval', 'review'), judgement('posterior', 'more')], 'more'],
    ['a human before a keep', [judgement('approval', 'review'), judgement('posterior', 'pass')], 'review APPROVAL-REVIEW'],
    [
      'the improvement gate gives the reason of a keep',
      [judgement('guardrail', 'pass'), judgement('posterior', 'pass')],
      'keep POSTERIOR-PASS',
    ],
    ['a waiver overrules that there is no improvement', [judgement('posterior', 'fail'), WAIVER], 'keep SIMPLICITY-PASS'],
    // Otherwise a change that is kept for its simplicity would be trained again and again to show an improvement that it does not need.
    ['a waiver overrules a wish for more trials of the improvement', [judgement('posterior', 'more'), WAIVER], 'keep SIMPLICITY-PASS'],
    ['a waiver overrules no other failure', [judgement('guardrail', 'fail'), WAIVER], 'discard GUARDRAIL-FAIL'],
    ['a waiver overrules no other wish for more trials', [judgement('guardrail', 'more'), WAIVER], 'more'],
    [
      'a pass that waives nothing overrules no failure',
      [judgement('posterior', 'fail'), judgement('guardrail', 'pass')],
      'discard POSTERIOR-FAIL',
    ],
    [
      'a pass that waives nothing overrules no wish for more trials',
      [judgement('posterior', 'more'), judgement('guardrail', 'pass')],
      'more',
    ],
    [
      'a gate that does not pass waives nothing',
      [judgement('posterior', 'fail'), judgement('simplicity', 'review', { waives: 'improvement' })],
      'discard POSTERIOR-FAIL',
    ],
    ['no gate at all', [], 'keep PASSED'],
  ])('%s', (_, judgements, expected) => expect(verdictOf(...judgements)).toBe(expected));

  it('gives the reason of the gate in words, and says so where every gate passed', () => {
    expect(decide([judgement('guardrail', 'fail')], IMPROVEMENT)).toEqual({
      verdict: 'discard',
      reason: { code: 'GUARDRAIL-FAIL', text: 'guardrail says fail' },
    });
    expect(decide([], IMPROVEMENT)).toEqual({ verdict: 'keep', reason: { code: 'PASSED', text: 'every gate passed' } });
  });

  it('does not depend on the order of gates, but for which reason is given', () => {
    const gates = fc.constantFrom('posterior', 'guardrail', 'approval');
    const outcomes = fc.constantFrom<Outcome>('pass', 'fail', 'more', 'review');
    const some = fc.array(
      fc.oneof(
        fc.tuple(gates, outcomes).map(([gate, outcome]) => judgement(gate, outcome)),
        fc.constant(WAIVER),
      ),
    );
    const shuffled = some.chain((judgements) =>
      fc.tuple(fc.constant(judgements), fc.shuffledSubarray(judgements, { minLength: judgements.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(verdictOf(...one).split(' ')[0]).toBe(verdictOf(...other).split(' ')[0]);
      }),
    );
  });
});
