import { describe, expect, it } from 'vitest';
import type { RunView, Summary } from '../../../src/plugin.ts';
import { DEFAULT_PRIOR, learn, learnedPrior, NOTHING_LEARNED, posterior as posteriorOf, scalePrior, update } from '../../../src/stats.ts';
import { makeExperiment, makeSummary, testPlugin } from '../../../src/testing.ts';
import { BASE, baseline, create, GIVEN, judge, scored, tried } from '../../../test/helpers/posterior.ts';
import posterior from './index.ts';

testPlugin(posterior, {
  options: {
    valid: [
      {},
      { profile: 'strict', minP: 0.95 },
      { maxRuns: 4, lo: 0.1, hi: 0.9 },
      { prior: { w: [0, 0.5, 0, 0.5] } },
      { transform: 'log', learn: false, pseudoCounts: 5 },
    ],
    invalid: [
      { profile: 'bold' },
      { maxRuns: 0 },
      { minP: 1.2 },
      { prior: { w: [1, 1] } },
      { prior: { mu: [1, 0, 1] } },
      { pseudoCounts: 0 },
      { minGain: -1 },
    ],
  },
  cases: [
    { name: 'a clear gain', run: { history: [baseline(10)] }, experiment: scored([5]), expect: 'pass' },
    { name: 'a clear loss', run: { history: [baseline(10)] }, experiment: scored([14]), expect: 'fail' },
    { name: 'a small gain, in one trial', run: { history: [baseline(10)] }, experiment: scored([8.8]), expect: 'more' },
    { name: 'a small gain, in the last trial there is', run: { history: [baseline(10)] }, experiment: scored([8.8, 8.9]), expect: 'pass' },
    {
      name: 'one trial of the profile progress',
      options: { profile: 'progress' },
      run: { history: [baseline(10)] },
      experiment: scored([8.8]),
      expect: 'pass',
    },
    {
      name: 'what is not sure enough for the profile strict',
      options: { profile: 'strict' },
      run: { history: [baseline(10)] },
      experiment: scored([8.8, 8.9, 8.7]),
      expect: 'fail',
    },
    {
      name: 'after some history',
      run: { history: [baseline(10), tried(12), tried(9, { verdict: 'keep' }), tried(9.5), tried(15)] },
      experiment: scored([7]),
      expect: 'pass',
    },
  ],
});

describe('the numbers of the gate', () => {
  it.each([
    [-3, 1, -1.27991, 1.61297, 0.73974],
    [-1, 3, -0.27894, 0.55674, 0.43217],
    [0, 3, 0.09182, 0.49566, 0.26596],
    [40, 5, 39.89992, 1.20002, 0],
  ])('are the golden ones for a difference of %d after a baseline of %d trials', (d, n, E, V, P) => {
    const { estimate } = judge([baseline(0, { n })], [d], { noise: GIVEN });
    expect(estimate).toMatchObject({ n: 1, method: 'eb-mixture-filter/1' });
    expect(Math.abs((estimate?.effect ?? NaN) - E)).toBeLessThan(1e-5);
    expect(Math.abs((estimate?.pGain ?? NaN) - P)).toBeLessThan(1e-5);
    expect((estimate?.high ?? NaN) - (estimate?.low ?? NaN)).toBeCloseTo(2 * 1.959964 * Math.sqrt(V), 4);
  });

  it('are what the rules give for each kind of experiment', () => {
    const prior = scalePrior(DEFAULT_PRIOR, 1);
    let [belief, learned] = [{ m: 10, v: 1 / 3 }, NOTHING_LEARNED];
    const follow = (score: number, n: number, kept: boolean) => {
      const known = learnedPrior(prior, learned, 20);
      const [d, s2] = [score - belief.m, 1 / n];
      const found = posteriorOf(d, s2, belief.v, known);
      belief = update(belief, { d, s2, posterior: found, kept });
      learned = learn(learned, found, known);
    };
    const kept = tried(8, { verdict: 'keep', reason: { code: 'LIKELY_GAIN', text: '' } });
    const on = { parent: kept.candidate ?? '' };
    const waived = tried(8.1, { ...on, verdict: 'keep', reason: { code: 'SIMPLER', text: '' } });
    const after = { parent: waived.candidate ?? '', candidate: waived.candidate };
    const history = [
      baseline(10),
      tried(12),
      kept,
      tried(3, { ...on, reason: { code: 'GUARDRAIL', text: '' } }),
      tried(0, { ...on, score: null, verdict: 'crash' }),
      tried(0, { ...on, score: null, reason: { code: 'HOPELESS', text: '' } }),
      tried(0, { ...on, score: null, candidate: null, reason: { code: 'NO_CHANGE', text: '' } }),
      waived,
      makeSummary({ id: 50, ...after, score: 7, n: 1, spread: 0, kind: 'control', reason: { code: 'CONTROL', text: '' } }),
    ];
    follow(12, 1, false);
    follow(8, 1, true);
    follow(3, 1, false);
    follow(8.1, 1, true);
    const repeat = belief.v / (belief.v + 1);
    belief = { m: belief.m + repeat * (7 - belief.m), v: repeat };
    const { evidence } = judge(history, [5], { noise: GIVEN });
    const before = evidence?.['before'] as { m: number; v: number };
    expect(before.m).toBeCloseTo(belief.m, 12);
    expect(before.v).toBeCloseTo(belief.v, 12);
    const used = learnedPrior(prior, learned, 20);
    expect(evidence?.['prior']).toEqual({ w: [...used.w], mu: [...used.mu] });

    const drifted = [
      ...history,
      makeSummary({ id: 51, ...after, score: 20, n: 3, spread: 1, kind: 'control', reason: { code: 'DRIFT', text: '' } }),
    ];
    const again = judge(drifted, [19], { noise: GIVEN }).evidence?.['before'] as { m: number; v: number };
    expect(again.m).toBe(20);
    expect(again.v).toBeCloseTo(1 / 3, 12);
  });

  it('suffice to compute the judgement again', () => {
    const { evidence, estimate, belief, outcome } = judge([baseline(10), tried(11)], [6], { noise: GIVEN });
    const { d, s2, before, prior } = evidence as unknown as {
      d: number;
      s2: number;
      before: { m: number; v: number };
      prior: typeof DEFAULT_PRIOR;
    };
    const found = posteriorOf(d, s2, before.v, prior);
    expect(estimate?.effect).toBe(found.E);
    expect(outcome).toBe('pass');
    expect(belief?.mean).toBeCloseTo(update(before, { d, s2, posterior: found, kept: true }).m, 12);
    expect(evidence).toMatchObject({
      trials: [6],
      value: 6,
      n: 1,
      direction: 'minimize',
      profile: 'balanced',
      rule: { maxTrials: 2, minP: 0.5 },
    });
  });

  it('take the noise from every repeat, and from the config', () => {
    const sigmaOf = (history: readonly Summary[], noise: RunView['noise'] = null) => judge(history, [9], { noise }).evidence?.['sigma'];
    expect(sigmaOf([baseline(10, { spread: 2 })])).toMatchObject({ value: expect.closeTo(2, 12) });
    expect(sigmaOf([baseline(10, { spread: 2 }), tried(12, { n: 2, spread: 1 })])).toMatchObject({
      value: expect.closeTo(Math.sqrt((2 * 4 + 1) / 3), 12),
    });
    const given = { sigma: 9, df: 2, source: 'repeats', given: 1 } as const;
    expect(sigmaOf([baseline(10, { spread: 2 })], given)).toMatchObject({ value: expect.closeTo(Math.sqrt((8 + 2) / 4), 12) });
  });

  it('go back with an audit that rolls back', () => {
    const kept = tried(7, { verdict: 'keep' });
    const later = tried(8, { parent: kept.candidate ?? '' });
    const beforeOf = (history: readonly Summary[], partial: Partial<RunView> = {}) =>
      judge(history, [9], { noise: GIVEN, ...partial }).evidence?.['before'] as { m: number; v: number };
    const base = makeExperiment({ id: 0, candidate: BASE, score: { value: 10, spread: 1, n: 3 } });
    const rolledBack = beforeOf([baseline(10), kept, later], { incumbent: base });
    expect(rolledBack.m).toBeCloseTo(beforeOf([baseline(10), { ...kept, verdict: 'discard' }]).m, 12);
    // The next candidate is made on the baseline again, which says the same.
    const next = tried(11, { parent: BASE });
    expect(beforeOf([baseline(10), kept, later, next], { incumbent: base }).m).toBeGreaterThan(9);
  });
});

describe('without noise', () => {
  it('any strict gain passes, and the reason says why', () => {
    const exact = [baseline(10, { spread: 0 })];
    expect(judge(exact, [9.999])).toMatchObject({
      outcome: 'pass',
      code: 'LIKELY_GAIN',
      belief: { mean: 9.999, sd: 0 },
      estimate: { method: 'exact/1', pGain: 1 },
    });
    expect(judge(exact, [10])).toMatchObject({ outcome: 'fail', code: 'UNLIKELY_GAIN' });
    expect(judge(exact, [10.001]).reason).toBe('score 10.001 is not better than 10; it does not vary, so any gain counts');
    expect(judge([baseline(10, { n: 1, spread: 0 })], [9]).reason).toBe(
      'score 9 is better than 10; nothing is known of its noise, so any gain counts',
    );
    expect(judge(exact, [9.9], { options: { profile: 'strict' } }).outcome).toBe('pass');
  });

  it('that is found later, the incumbent is as unsure as its trials', () => {
    const { evidence } = judge([baseline(10, { spread: 0 }), tried(12, { n: 2, spread: 1 })], [9]);
    const { before, sigma } = evidence as unknown as { before: { v: number }; sigma: { value: number } };
    expect(sigma.value).toBeGreaterThan(0);
    expect(before.v).toBeCloseTo(sigma.value ** 2 / 3, 12);
  });
});

describe('options that do not go together', () => {
  it('are refused', () => {
    expect(() => create({ lo: 0.7 })).toThrow('gates[0]: lo 0.7 is above hi 0.6');
    expect(() => create({ prior: { w: [0.5, 0.5, 0, 0] } })).toThrow('both a gain and no gain possible');
  });
});
