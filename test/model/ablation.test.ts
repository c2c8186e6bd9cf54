import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectsOf, intervals, summarizeEffects, type Comparison, type Effect } from '../../src/model/ablation.ts';

const comparison = (id: number, withIt: string, without: string): Comparison => ({
  id,
  title: `change ${id}`,
  how: 'left out',
  withIt,
  without,
});

describe('effectsOf', () => {
  const arms = [
    { commit: 'final', scores: [1.0, 1.01, 0.99] },
    { commit: 'without-a', scores: [1.5, 1.51, 1.49] },
    { commit: 'without-b', scores: [1.0, 1.02, 0.98] },
    { commit: 'without-c', scores: [0.8, 0.81, 0.79] },
  ];
  const comparisons = [comparison(1, 'final', 'without-a'), comparison(2, 'final', 'without-b'), comparison(3, 'final', 'without-c')];

  it('tells what carries from what does nothing and what does harm', () => {
    const effects = effectsOf(comparisons, arms, 'minimize', null);
    expect(effects.map(({ id, role }) => [id, role])).toEqual([
      [1, 'carries'],
      [2, 'passenger'],
      [3, 'harmful'],
    ]);
    expect(effects[0]?.value).toBeCloseTo(0.5, 10);
    expect(summarizeEffects(effects)).toBe('1 of 3 kept changes carries 100 % of the gain; 1 does harm');
  });

  it('sees the same in a mirror', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 2, maxLength: 4 }), { minLength: 4, maxLength: 4 }),
        (scores) => {
          const some = arms.map((arm, index) => ({ ...arm, scores: scores[index] ?? [] }));
          const mirrored = some.map((arm) => ({ ...arm, scores: arm.scores.map((score) => -score) }));
          const roles = (found: ReturnType<typeof effectsOf>) => found.map(({ id, role }) => `${id} ${role}`).toSorted();
          expect(roles(effectsOf(comparisons, mirrored, 'maximize', null))).toEqual(roles(effectsOf(comparisons, some, 'minimize', null)));
        },
      ),
    );
  });

  it('claims nothing from single trials, and narrows with the noise the run has measured', () => {
    const single = [
      { commit: 'x', scores: [1] },
      { commit: 'y', scores: [2] },
    ];
    expect(intervals(single, 'minimize', null)('x', 'y')).toEqual({ value: 1, low: -Infinity, high: Infinity });
    const known = intervals(single, 'minimize', { sigma: 0.1, df: 20, source: 'repeats' })('x', 'y');
    expect(known.low).toBeGreaterThan(0.6);
    expect(known.high).toBeLessThan(1.4);
  });

  it('is sorted by what each contributes, with the names and the ways of the comparisons', () => {
    const arms = [
      { commit: 'a', scores: [1, 1] },
      { commit: 'b', scores: [3, 3] },
      { commit: 'c', scores: [2, 2] },
    ];
    const found = effectsOf(
      [comparison(1, 'a', 'c'), { ...comparison(2, 'a', 'b'), how: 'prefix' }, comparison(3, 'c', 'a')],
      arms,
      'minimize',
      null,
    );
    expect(found).toEqual([
      { id: 2, title: 'change 2', how: 'prefix', value: 2, low: 2, high: 2, role: 'carries' },
      { id: 1, title: 'change 1', how: 'left out', value: 1, low: 1, high: 1, role: 'carries' },
      { id: 3, title: 'change 3', how: 'left out', value: -1, low: -1, high: -1, role: 'harmful' },
    ]);
    const same = effectsOf([comparison(1, 'a', 'a')], arms, 'minimize', null);
    expect(same).toMatchObject([{ value: 0, low: 0, high: 0, role: 'passenger' }]);
    expect(() => effectsOf([comparison(1, 'a', 'unknown')], arms, 'minimize', null)).toThrow('the mean needs a value');
  });

  it('has Student’s interval, of the noise of all commits and of the run', () => {
    const arms = [
      { commit: 'a', scores: [1, 3] },
      { commit: 'b', scores: [7, 9, 8, 8] },
      { commit: 'c', scores: [5] },
    ];
    // Squares 2 + 2 on 1 + 3 degrees of freedom; t(0.975, 4) is 2.7764.
    const alone = intervals(arms, 'minimize', null)('a', 'b');
    expect(alone.value).toBe(6);
    expect(alone.high - 6).toBeCloseTo(2.7764451052 * Math.sqrt(1 * (1 / 2 + 1 / 4)), 8);
    expect(6 - alone.low).toBeCloseTo(alone.high - 6, 12);
    // And 2^2 * 6 on 6 of the run's own: 28 / 10, t(0.975, 10) is 2.2281.
    const known = intervals(arms, 'maximize', { sigma: 2, df: 6, source: 'repeats' })('b', 'a');
    expect(known.high - 6).toBeCloseTo(2.228138852 * Math.sqrt(2.8 * (1 / 2 + 1 / 4)), 8);
  });
});

describe('the sentence about all of them', () => {
  const effect = (value: number, role: Effect['role']): Effect => ({
    id: 1,
    title: '',
    how: 'left out',
    value,
    low: 0,
    high: 0,
    role,
  });

  it.each([
    [[], 'none of the 0 kept changes is shown to contribute by itself'],
    [[effect(1, 'passenger'), effect(-1, 'harmful')], 'none of the 2 kept changes is shown to contribute by itself'],
    [[effect(3, 'carries'), effect(1, 'passenger')], '1 of 2 kept changes carries 75 % of the gain'],
    [
      [effect(3, 'carries'), effect(2, 'carries'), effect(1, 'passenger'), effect(-4, 'harmful')],
      '2 of 4 kept changes carry 83 % of the gain; 1 does harm',
    ],
    [[effect(3, 'carries'), effect(-2, 'harmful'), effect(-1, 'harmful')], '1 of 3 kept changes carries 100 % of the gain; 2 do harm'],
  ] as const)('of %j is: %s', (effects, text) => {
    expect(summarizeEffects(effects)).toBe(text);
  });
});
