import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NoiseEstimate } from '../../src/model/noise.ts';
import { RunState } from '../../src/model/run-state.ts';
import type { Summary } from '../../src/plugin.ts';
import { makeExperiment } from '../../src/testing.ts';

const sigma = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const groups = fc.array(fc.record({ spread: sigma, n: fc.integer({ min: 1, max: 5 }) }), { maxLength: 8 });

describe('noise that was measured before the run', () => {
  it('counts like repeats of the run itself', () => {
    fc.assert(
      fc.property(sigma, fc.integer({ min: 1, max: 30 }), groups, (spread, df, later) => {
        const known = new NoiseEstimate(undefined, { sigma: spread, df });
        const repeated = new NoiseEstimate(undefined);
        repeated.follow({ spread, n: df + 1 });
        for (const { spread: next, n } of later) {
          known.follow({ spread: next, n });
          repeated.follow({ spread: next, n });
        }
        expect(known.noise?.sigma).toBeCloseTo(repeated.noise?.sigma ?? NaN, 9);
        expect(known.noise).toMatchObject({ df: repeated.noise?.df, source: 'repeats', known: { sigma: spread, df } });
      }),
    );
  });

  it('is there before the first trial, and none is where nothing was measured', () => {
    const facts = { name: 'night', seed: 1, objective: { label: 'loss', direction: 'minimize' }, budget: {} } as const;
    const state = new RunState({ ...facts, known: { sigma: 0.5, df: 4 } });
    expect(state.noise).toEqual({ sigma: 0.5, df: 4, source: 'repeats', known: { sigma: 0.5, df: 4 } });
    state.settle(makeExperiment({ id: 0, score: { value: 1, spread: 0, n: 1 } }));
    expect(state.noise?.df).toBe(4);
    expect(new RunState(facts).noise).toBeNull();
  });
});

describe('the noise of a run', () => {
  const follow = (estimate: NoiseEstimate, ...list: Parameters<NoiseEstimate['follow']>[0][]) => {
    for (const each of list) estimate.follow(each);
    return estimate.noise;
  };
  const seeds = (rule: 'fresh' | 'shared' | 'check', squares: number, df: number) =>
    ({ rule, squares, df }) as NonNullable<Summary['seeds']>;

  it('is pooled over all repeats, by their degrees of freedom', () => {
    const noise = follow(new NoiseEstimate(undefined), { spread: 1, n: 3 }, { spread: 2, n: 2 }, { spread: 9, n: 1 }, {});
    expect(noise).toEqual({ sigma: Math.sqrt((2 * 1 + 4) / 3), df: 3, source: 'repeats' });
  });

  it('is the guess of the config until something was repeated, and then the guess counts as two repeats', () => {
    expect(new NoiseEstimate(0.5).noise).toEqual({ sigma: 0.5, df: 0, source: 'config', given: 0.5 });
    expect(follow(new NoiseEstimate(0.5), { spread: 9, n: 1 })).toMatchObject({ source: 'config', df: 0 });
    expect(follow(new NoiseEstimate(0.5), { spread: 1, n: 3 })).toEqual({
      sigma: Math.sqrt((2 + 0.5) / 4),
      df: 2,
      source: 'repeats',
      given: 0.5,
    });
    expect(follow(new NoiseEstimate(undefined), { spread: 9, n: 1 })).toBeNull();
  });

  it('is never taken for less than a tenth of its first estimate', () => {
    const agreeing = Array.from({ length: 1000 }, () => ({ spread: 0, n: 2 }));
    expect(follow(new NoiseEstimate(undefined), { spread: 1, n: 2 }, ...agreeing)?.sigma).toBeCloseTo(0.1, 12);
    expect(follow(new NoiseEstimate(undefined), { spread: 0.001, n: 2 }, { spread: 1, n: 2 })?.sigma).toBeGreaterThan(0.5);
  });

  it('is what trials on one seed leave, where seeds have their record', () => {
    expect(follow(new NoiseEstimate(undefined), { spread: 5, n: 3, seeds: seeds('fresh', 8, 2) })).toMatchObject({ sigma: 2, df: 2 });
    expect(follow(new NoiseEstimate(undefined), { spread: 5, n: 3, seeds: seeds('fresh', 0, 0) })).toBeNull();
  });

  it('forgets what was pooled once a seed is found to shift all commits alike, and only then', () => {
    const before = [{ spread: 10, n: 5 }, { seeds: seeds('fresh', 300, 3) }];
    const first = follow(new NoiseEstimate(undefined), ...before, { seeds: seeds('shared', 2, 2) });
    expect(first).toMatchObject({ sigma: 1, df: 2 });
    expect(
      follow(new NoiseEstimate(undefined), ...before, { seeds: seeds('shared', 2, 2) }, { seeds: seeds('shared', 8, 2) }),
    ).toMatchObject({
      sigma: Math.sqrt(10 / 4),
      df: 4,
    });
    // The first estimate is forgotten too: a tenth of it would be more than this.
    expect(follow(new NoiseEstimate(undefined), ...before, { seeds: seeds('shared', 2e-6, 2) })?.sigma).toBeCloseTo(1e-3, 12);
    expect(follow(new NoiseEstimate(undefined), ...before, { seeds: seeds('check', 2, 2) })?.df).toBe(9);
  });

  it('is not spoilt by one trial that is far off, from the second set of rules on', () => {
    const quiet = Array.from({ length: 6 }, () => ({ spread: 1, n: 3 }));
    const spread = 40;
    const byRules = [1, 2, 3].map((rules) => follow(new NoiseEstimate(undefined, undefined, rules), ...quiet, { spread, n: 2 })?.sigma);
    expect(byRules[0]).toBeCloseTo(Math.sqrt((12 + spread ** 2) / 13), 9);
    expect(byRules[1]).toBeLessThan(1.1);
    expect(byRules[2]).toBe(byRules[1]);
    expect(follow(new NoiseEstimate(undefined), ...quiet, { spread, n: 2 })?.sigma).toBe(byRules[0]);
  });
});
