import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Gate, GateResult, RunView, Summary } from '../../../src/plugin.ts';
import { makeContext, makeExperiment, makeRunView, makeSummary, testPlugin, type Options } from '../../../src/testing.ts';
import { createFrom } from '../../../src/testing/options.ts';
import minDelta from './index.ts';

const commit = (id: number) => `${id}`.padStart(40, '0');
const create = (options: Options = {}) => createFrom(minDelta, options, makeContext()) as Gate;
const scored = (value: number, { n = 1, removed = 1 } = {}) =>
  makeExperiment({ state: 'scored', id: 99, score: { value, spread: 0, n }, diff: { files: 1, added: 1, removed } });

/** Summaries of a run in which the scores were kept one after the other. */
function kept(scores: readonly number[]): Summary[] {
  return scores.map((score, id) =>
    makeSummary({ id, verdict: 'keep', score, n: 1, spread: 0, parent: commit(Math.max(0, id - 1)), candidate: commit(id) }),
  );
}

function viewOf(history: readonly Summary[], incumbent = history.findLast(({ verdict }) => verdict === 'keep')): RunView {
  const { id = 0, score, candidate = null } = incumbent ?? {};
  return makeRunView({ history, incumbent: makeExperiment({ id, candidate, score: { value: score ?? NaN, spread: 0, n: 1 } }) });
}

const judge = (options: Options, run: RunView, value: number, more?: { n?: number; removed?: number }) =>
  create(options).judge?.(scored(value, more), run) as GateResult;

testPlugin(minDelta, {
  options: {
    valid: [{}, { delta: 0.1 }, { shrink: 0.6, confirm: 1 }, { simpler: true }],
    invalid: [{ delta: -1 }, { shrink: 0 }, { shrink: 1.1 }, { confirm: 0.5 }],
  },
  cases: [
    { name: 'better by less than delta', options: { delta: 0.1 }, experiment: scored(0.95), expect: 'fail' },
    { name: 'better by delta', options: { delta: 0.125 }, experiment: scored(0.875), expect: 'pass' },
    { name: 'a tie with fewer lines', options: { simpler: true }, experiment: scored(1, { removed: 3 }), expect: 'pass' },
    { name: 'better, still to be confirmed', options: { confirm: 2 }, experiment: scored(0.9, { n: 2 }), expect: 'more' },
    { name: 'better, confirmed', options: { confirm: 2 }, experiment: scored(0.9, { n: 3 }), expect: 'pass' },
    { name: 'no longer better', options: { confirm: 2 }, experiment: scored(1.1, { n: 2 }), expect: 'fail' },
    {
      name: 'worse than a score that was lucky, better than what is believed',
      options: { shrink: 0.5 },
      run: viewOf(kept([10, 6])),
      experiment: scored(7),
      expect: 'pass',
    },
    { name: 'worse than a kept score', run: viewOf(kept([10, 6])), experiment: scored(7), expect: 'fail' },
  ],
});

describe('the number to beat', () => {
  const run = viewOf([...kept([10, 5]), makeSummary({ id: 2, score: 3, parent: commit(1), reason: { code: 'GUARDRAIL', text: '' } })]);
  const referenceOf = (options: Options, view: RunView) => judge(options, view, 1).evidence?.['reference'];

  it('is the incumbent’s score, or moves a share of the way to it with each keep', () => {
    expect(referenceOf({}, run)).toBe(5);
    expect(referenceOf({ shrink: 0.6 }, run)).toBe(7);
    expect(referenceOf({ shrink: 0.6 }, viewOf(kept([10, 5, 2])))).toBe(4);
    expect(judge({ shrink: 0.6 }, run, 6)).toMatchObject({
      code: 'IMPROVED',
      reason: 'score 6 is better than 7 by 1',
      evidence: { incumbent: 5, reference: 7, gain: 1 },
    });
  });

  it('is the same whether a run is followed or taken up again', () => {
    const event = fc.record({
      score: fc.option(fc.double({ min: -5, max: 5, noNaN: true }), { nil: null }),
      verdict: fc.constantFrom<Summary['verdict']>('keep', 'discard', 'crash'),
      code: fc.constantFrom('IMPROVED', 'CONTROL', 'DRIFT'),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), fc.double({ min: 0.1, max: 0.9, noNaN: true }), (events, shrink) => {
        const history = kept([1]);
        const followed = create({ shrink });
        let tip = history[0];
        for (const { score, verdict, code } of events) {
          const control = code !== 'IMPROVED';
          const summary = makeSummary({
            id: history.length,
            verdict: score === null ? 'crash' : control ? 'discard' : verdict,
            score,
            reason: { code, text: '' },
            parent: tip?.candidate ?? '',
            candidate: control ? (tip?.candidate ?? '') : commit(history.length),
            ...(control && { kind: 'control' }),
          });
          history.push(summary);
          if (summary.verdict === 'keep') tip = summary;
          const view = { ...viewOf([], tip), history };
          expect(followed.judge?.(scored(0), view)).toEqual(
            create({ shrink }).judge?.(scored(0), { ...view, history: structuredClone(history) }),
          );
        }
      }),
    );
  });

  it('follows the incumbent where an audit rolls back, and the machine where it drifts', () => {
    const history = kept([10, 5]);
    expect(referenceOf({ shrink: 0.6 }, viewOf(history, history[0]))).toBe(10);
    const drift = makeSummary({
      id: 2,
      score: 27,
      n: 3,
      kind: 'control',
      reason: { code: 'DRIFT', text: '' },
      parent: commit(1),
      candidate: commit(1),
    });
    expect(referenceOf({ shrink: 0.6 }, viewOf([...history, drift], history[1]))).toBe(27);
    // The baseline was measured before: it has drifted by as much.
    expect(referenceOf({ shrink: 0.6 }, viewOf([...history, drift], history[0]))).toBe(30);
  });
});
