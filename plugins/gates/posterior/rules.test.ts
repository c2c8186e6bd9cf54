/** What a run keeps by its set of rules: the third set changed the intervals and nothing that decides. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Summary } from '../../../src/plugin.ts';
import { baseline, GIVEN, judge, tried } from '../../../test/helpers/posterior.ts';

const score = fc.double({ min: 0, max: 20, noNaN: true });
const history = fc
  .array(fc.record({ score, isKept: fc.boolean() }), { maxLength: 12 })
  .map((all): Summary[] => [baseline(10), ...all.map((one) => tried(one.score, one.isKept ? { verdict: 'keep' } : {}))]);

it('rule sets 2 and 3 decide alike after any history', () => {
  fc.assert(
    fc.property(history, score, (before, candidate) => {
      const [second, third] = [2, 3].map((rules) => judge(before, [candidate], { noise: GIVEN, rules }));
      expect(third?.outcome).toBe(second?.outcome);
      expect(third?.estimate?.effect).toBe(second?.estimate?.effect);
      expect(third?.estimate?.pGain).toBe(second?.estimate?.pGain);
    }),
  );
});

it('and have different intervals: the third reaches as far as the tails of the estimate do', () => {
  const [second, third] = [2, 3].map((rules) => judge([baseline(10)], [9], { noise: GIVEN, rules }).estimate);
  expect(second?.method).not.toBe(third?.method);
  const below = (estimate: typeof second) => (estimate?.effect ?? NaN) - (estimate?.low ?? NaN);
  const above = (estimate: typeof second) => (estimate?.high ?? NaN) - (estimate?.effect ?? NaN);
  expect(below(second)).toBeCloseTo(above(second), 1);
  expect(below(third)).toBeGreaterThan(1.1 * above(third));
});
