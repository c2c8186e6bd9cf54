import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Direction, Summary } from '../../../src/plugin.ts';
import { baseline, GIVEN, judge, tried } from '../../../test/helpers/posterior.ts';

const score = fc.double({ min: -20, max: 40, noNaN: true });
const history = fc
  .array(fc.record({ score, kept: fc.boolean(), n: fc.integer({ min: 1, max: 3 }) }), { maxLength: 8 })
  .map((steps) => [
    baseline(10),
    ...steps.map(({ score: value, kept, n }) => tried(value, { n, spread: n > 1 ? 1 : 0, verdict: kept ? 'keep' : 'discard' })),
  ]);

it('a better score is never a less likely gain', () => {
  fc.assert(
    fc.property(history, score, fc.double({ min: 0, max: 10, noNaN: true }), (past, value, less) => {
      expect(judge(past, [value - less]).estimate?.pGain ?? NaN).toBeGreaterThanOrEqual(
        (judge(past, [value]).estimate?.pGain ?? NaN) - 1e-12,
      );
    }),
  );
});

it('the unit and the direction of the score do not matter', () => {
  const moved = (past: readonly Summary[], to: (value: number) => number, unit: number) =>
    past.map((summary) => ({ ...summary, score: to(summary.score ?? NaN), spread: (summary.spread ?? 0) * unit }));
  fc.assert(
    fc.property(
      history,
      score,
      fc.double({ min: 1e-4, max: 1e4, noNaN: true }),
      fc.constantFrom<Direction>('minimize', 'maximize'),
      (past, value, unit, direction) => {
        const to = (from: number) => (direction === 'minimize' ? unit : -unit) * from;
        const plain = judge(past, [value]);
        const other = judge(moved(past, to, unit), [to(value)], { objective: { label: 'score', direction } });
        // Where the chance is at a limit, the last digit decides.
        if (![0.4, 0.5, 0.6].some((limit) => Math.abs((plain.estimate?.pGain ?? 0) - limit) < 1e-6)) expect(other.code).toBe(plain.code);
        expect(other.estimate?.pGain).toBeCloseTo(plain.estimate?.pGain ?? NaN, 6);
        expect((other.estimate?.effect ?? NaN) / unit).toBeCloseTo(
          (direction === 'minimize' ? 1 : -1) * (plain.estimate?.effect ?? NaN),
          6,
        );
      },
    ),
  );
});

it('with logarithms, ratios count', () => {
  fc.assert(
    fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (d, level) => {
      const plain = judge([baseline(0, { n: 1 })], [d], { noise: { ...GIVEN, sigma: 0.3, given: 0.3 } });
      const found = judge([baseline(level, { n: 1 })], [level * Math.exp(d)], {
        noise: { ...GIVEN, given: 0.3 * level },
        options: { transform: 'log' },
      });
      expect(found.estimate?.pGain).toBeCloseTo(plain.estimate?.pGain ?? NaN, 6);
      expect(found.estimate?.effect).toBeCloseTo(level * Math.expm1(plain.estimate?.effect ?? NaN), 4);
      expect((found.belief?.mean ?? NaN) / level).toBeCloseTo(Math.exp(plain.belief?.mean ?? NaN), 6);
    }),
  );
  expect(() => judge([baseline(1)], [0], { options: { transform: 'log' } })).toThrow('the logarithm of the score was asked for');
});
