/** What a run keeps by its set of rules: the third and fourth set changed the intervals and nothing that decides. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Estimate, RunView, Summary } from '../../../src/plugin.ts';
import { baseline, GIVEN, judge, tried } from '../../../test/helpers/posterior.ts';

const score = fc.double({ min: 0, max: 20, noNaN: true });
const history = fc
  .array(fc.record({ score, isKept: fc.boolean() }), { maxLength: 12 })
  .map((all): Summary[] => [baseline(10), ...all.map((one) => tried(one.score, one.isKept ? { verdict: 'keep' } : {}))]);

/** Sigma from two repeats, which leaves much doubt, and one that is given. */
const noise = fc.constantFrom<RunView['noise']>({ sigma: 0.5, df: 1, source: 'repeats' }, GIVEN);

it('rule sets 2, 3 and 4 decide alike after any history', () => {
  fc.assert(
    fc.property(history, score, noise, (before, candidate, known) => {
      const [second, ...later] = [2, 3, 4].map((rules) => judge(before, [candidate], { noise: known, rules }));
      for (const one of later) {
        expect(one.outcome).toBe(second?.outcome);
        expect(one.estimate?.effect).toBe(second?.estimate?.effect);
        expect(one.estimate?.pGain).toBe(second?.estimate?.pGain);
      }
    }),
  );
});

interface Step {
  readonly score: number;
  readonly n?: number;
  readonly spread?: number;
  readonly isKept?: boolean;
}

/** A run in which each change is made on the last keep. */
function historyOf(steps: readonly Step[]): Summary[] {
  const history = [baseline(1.9635, { n: 2, spread: 0.0014 })];
  let parent = history[0]?.candidate ?? '';
  for (const { score: value, n = 1, spread = 0, isKept = false } of steps) {
    const reason = { code: isKept ? 'LIKELY_GAIN' : 'UNLIKELY_GAIN', text: '' };
    const one = tried(value, { n, spread, parent, verdict: isKept ? 'keep' : 'discard', reason });
    history.push(one);
    if (isKept) parent = one.candidate ?? '';
  }
  return history;
}

/** Runs whose noise is known from the repeats of a few experiments, and in which a change may bring far more than the noise. */
const fewRepeats = fc
  .array(fc.record({ change: fc.double({ min: -0.1, max: 0.1, noNaN: true }), n: fc.constantFrom(1, 2) }), { maxLength: 12 })
  .map((all) => {
    let level = 1.9635;
    const steps = all.map(({ change, n }): Step => {
      const score = level + change;
      if (change < 0) level = score;
      return { score, n, spread: n === 2 ? 0.0003 : 0, isKept: change < 0 };
    });
    return { history: historyOf(steps), level };
  });

const holdsIts = ({ effect = NaN, low = NaN, high = NaN }: Partial<Estimate>) => low <= effect && effect <= high;

it('the interval of the fourth holds its estimate, however large the effect is and however little is known of the noise', () => {
  fc.assert(
    fc.property(fewRepeats, fc.double({ min: -1, max: 1, noNaN: true }), ({ history: before, level }, gain) => {
      const { estimate } = judge(before, [level + gain, level + gain + 0.002], { rules: 4 });
      expect(estimate).toSatisfy(holdsIts);
    }),
  );
});

it('that of the third may not: a gain of 0.138 after a night of few repeats', () => {
  const before = historyOf([
    { score: 1.9644 },
    { score: 1.9667 },
    { score: 1.9951 },
    { score: 2.0986 },
    { score: 1.95, n: 2, spread: 0.0003, isKept: true },
    { score: 1.9453, isKept: true },
    { score: 1.9478 },
    { score: 1.887, n: 2, spread: 0.005, isKept: true },
    { score: 1.8949 },
    { score: 1.8225, n: 2, spread: 0.00004, isKept: true },
    { score: 1.8246 },
  ]);
  const [third, fourth] = [3, 4].map((rules) => judge(before, [1.6847, 1.6869], { rules }).estimate);
  expect(third).not.toSatisfy(holdsIts);
  expect(fourth).toSatisfy(holdsIts);
});

it('and have different intervals: the third reaches as far as the tails of the estimate do', () => {
  const [second, third] = [2, 3].map((rules) => judge([baseline(10)], [9], { noise: GIVEN, rules }).estimate);
  expect(second?.method).not.toBe(third?.method);
  const below = (estimate: typeof second) => (estimate?.effect ?? NaN) - (estimate?.low ?? NaN);
  const above = (estimate: typeof second) => (estimate?.high ?? NaN) - (estimate?.effect ?? NaN);
  expect(below(second)).toBeCloseTo(above(second), 1);
  expect(below(third)).toBeGreaterThan(1.1 * above(third));
});
