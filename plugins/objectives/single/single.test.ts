import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeContext, makeRunView, makeTrial, testPlugin } from '../../../src/testing.ts';
import single from './index.ts';

testPlugin(single, {
  options: {
    valid: [
      { metric: 'loss', direction: 'minimize' },
      { metric: 'loss', direction: 'maximize', reduce: 'median' },
    ],
    invalid: [{}, { metric: 'loss' }, { metric: 'loss', direction: 'down' }, { metric: 'loss', direction: 'minimize', reduce: 'max' }],
  },
});

async function score(values: readonly number[], reduce: 'mean' | 'median' = 'mean') {
  const objective = single.create({ metric: 'loss', direction: 'minimize', reduce }, makeContext());
  return objective.score(
    values.map((value, index) => makeTrial({ index, metrics: { loss: value } })),
    makeRunView(),
  );
}

describe('the objective single', () => {
  it('gives mean or median, with the spread of a sample', async () => {
    expect(await score([1, 2, 6])).toEqual({ value: 3, spread: Math.sqrt(7), n: 3 });
    expect(await score([6, 1, 2], 'median')).toMatchObject({ value: 2, n: 3 });
    expect(await score([4, 1, 2, 9], 'median')).toMatchObject({ value: 3, n: 4 });
    expect(await score([5])).toEqual({ value: 5, spread: 0, n: 1 });
  });

  it('lies between the trials, whatever their order', async () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 9 }),
        fc.constantFrom('mean' as const, 'median' as const),
        async (values, reduce) => {
          const { value: found, spread } = await score(values, reduce);
          expect(found).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
          expect(found).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
          expect(spread).toBeGreaterThanOrEqual(0);
          expect((await score(values.toReversed(), reduce)).value).toBeCloseTo(found, 6);
        },
      ),
    );
  });

  it('leaves out a trial that was not measured, and refuses when none was', async () => {
    const objective = single.create({ metric: 'loss', direction: 'minimize', reduce: 'mean' }, makeContext());
    const finished = makeTrial({ state: 'finished', metrics: { loss: 9 } });
    expect(await objective.score([finished, makeTrial({ metrics: { loss: 1 } })], makeRunView())).toMatchObject({ value: 1, n: 1 });
    expect(() => objective.score([finished], makeRunView())).toThrow('no trial has a value for loss');
  });
});
