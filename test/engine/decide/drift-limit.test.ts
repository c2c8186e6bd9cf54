import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeControl } from '../../../src/engine/decide/control.ts';
import { RunState } from '../../../src/model/run-state.ts';
import { makeExperiment } from '../../../src/testing.ts';

const BASE = 'a'.repeat(40);

/** A run whose incumbent a gate believes to be at `mean`, give or take `sd`. */
function believing({ sigma, mean, sd }: { sigma: number; mean: number; sd: number }): RunState {
  const state = new RunState({ name: 'night', seed: 1, objective: { label: 'loss', direction: 'minimize' }, budget: {}, sigma });
  const score = { value: mean, spread: 0, n: 1 };
  state.settle(makeExperiment({ id: 0, kind: 'baseline', verdict: 'keep', parent: BASE, candidate: BASE, score }));
  const judgements = [{ gate: 'posterior', outcome: 'fail' as const, code: 'UNLIKELY_GAIN', reason: '', belief: { mean, sd } }];
  state.settle(
    makeExperiment({ id: 1, verdict: 'discard', parent: BASE, candidate: 'b'.repeat(40), incumbent: { id: 0, score: mean }, judgements }),
  );
  return state;
}

const amount = fc.double({ min: 0.01, max: 10, noNaN: true });

it('allows a control what the noise of its trials and the doubt of the belief explain together, and no more', () => {
  fc.assert(
    fc.property(amount, amount, fc.integer({ min: 1, max: 9 }), fc.double({ min: 1, max: 5, noNaN: true }), (sigma, sd, n, driftZ) => {
      const state = believing({ sigma, mean: 100, sd });
      const control = makeExperiment({ state: 'committed', id: 2, kind: 'control', parent: BASE, candidate: BASE });
      const limit = driftZ * Math.hypot(sigma / Math.sqrt(n), sd);
      const judged = (off: number) =>
        judgeControl({ config: { noise: { driftZ } }, slots: ['default'], state }, control, { value: 100 + off, spread: sigma, n });
      expect(judged(0.999 * limit)).toMatchObject({ reason: { code: 'CONTROL' } });
      expect(judged(-0.999 * limit)).toMatchObject({ reason: { code: 'CONTROL' } });
      // A control of one trial that is further off is repeated first.
      expect(judged(1.001 * limit)).toBe('more');
      expect(judged(-1.001 * limit)).toBe('more');
    }),
  );
});

it('counts a control as drift once it was repeated, and is still too far off', () => {
  const state = believing({ sigma: 1, mean: 100, sd: 1 });
  const control = makeExperiment({ state: 'committed', id: 2, kind: 'control', parent: BASE, candidate: BASE });
  const trials = [0, 1, 2].map((index) => ({ ...control.trials[0], index })) as typeof control.trials;
  const judge = { config: { noise: { driftZ: 3 } }, slots: ['default'], state };
  const score = { value: 104, spread: 1, n: 3 };
  expect(judgeControl(judge, { ...control, trials }, score)).toMatchObject({ verdict: 'discard', reason: { code: 'DRIFT' } });
  expect(judgeControl(judge, { ...control, trials }, { ...score, value: 103 })).toMatchObject({ reason: { code: 'CONTROL' } });
});
