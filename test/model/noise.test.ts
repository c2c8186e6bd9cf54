import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NoiseEstimate } from '../../src/model/noise.ts';
import { RunState } from '../../src/model/run-state.ts';
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
