import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_PRIOR,
  learn,
  learnedPrior,
  NOTHING_LEARNED,
  scalePrior,
  type Components,
  type Learned,
  type Prior,
} from '../../src/stats.ts';

const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const four = (of: fc.Arbitrary<number>) => fc.tuple(of, of, of, of);
const priors: fc.Arbitrary<Prior> = fc.record({
  w: four(fc.double({ min: 0.01, max: 1, noNaN: true })),
  mu: fc.tuple(positive, positive, positive),
});
const experiments = fc.array(fc.record({ r: four(share), size: four(positive) }), { maxLength: 20 });
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
const learnAll = (list: readonly { readonly r: Components; readonly size: Components }[], prior: Prior): Learned =>
  list.reduce((learned, seen) => learn(learned, seen, prior), NOTHING_LEARNED);

describe('the prior', () => {
  it('has probabilities and mean sizes in units of sigma to begin with', () => {
    expect(sum(DEFAULT_PRIOR.w)).toBeCloseTo(1, 12);
    expect(scalePrior(DEFAULT_PRIOR, 0.5)).toEqual({ w: DEFAULT_PRIOR.w, mu: [1.5, 6, 0.6] });
  });

  it('that has learned nothing is as it was, with probabilities that add up to 1', () => {
    fc.assert(
      fc.property(priors, ({ w, mu: [small, large, gain] }) => {
        const prior: Prior = { w, mu: [small, Math.max(large, 2 * small), gain] };
        const learned = learnedPrior(prior, NOTHING_LEARNED);
        for (const k of [0, 1, 2, 3] as const) expect(learned.w[k]).toBeCloseTo(w[k] / sum(w), 9);
        for (const k of [0, 1, 2] as const) expect(learned.mu[k] / prior.mu[k]).toBeCloseTo(1, 9);
      }),
    );
  });

  it('weighs what it started with as so many experiments, and in the sizes as three', () => {
    const base: Prior = { w: [1, 1, 1, 1], mu: [1, 10, 2] };
    const learned = learn(NOTHING_LEARNED, { r: [0, 1, 2, 3], size: [9, 2, 25, 5] }, base);
    expect(learned).toEqual({ counts: [0, 1, 2, 3], sizes: [0, 2, 50, 15] });
    const { w, mu } = learnedPrior(base, learned, 4);
    expect(w.map((each) => each * 10)).toEqual([1, 2, 3, 4].map((each) => expect.closeTo(each, 12)));
    expect(mu).toEqual([(3 + 2) / 4, (30 + 50) / 5, (6 + 15) / 6].map((each) => expect.closeTo(each, 12)));
    // By default as twenty.
    expect(learnedPrior(base, learned).w[3]).toBeCloseTo((5 + 3) / 26, 12);
  });

  it('counts an experiment with at most three times the size that is expected', () => {
    const base: Prior = { w: [1, 1, 1, 1], mu: [1, 10, 2] };
    const wreck = learn(NOTHING_LEARNED, { r: [0, 1, 1, 1], size: [0, 1e6, 1e6, 1e6] }, base);
    expect(wreck.sizes).toEqual([0, 3, 30, 6]);
  });

  it('learns the same from experiments in any order, and keeps the two harms apart', () => {
    fc.assert(
      fc.property(priors, experiments, (base, list) => {
        const learned = learnAll(list, base);
        const backwards = learnAll(list.toReversed(), base);
        for (const k of [0, 1, 2, 3] as const) {
          expect(learned.counts[k]).toBeCloseTo(backwards.counts[k], 9);
          expect(learned.sizes[k] / (1 + backwards.sizes[k])).toBeCloseTo(backwards.sizes[k] / (1 + backwards.sizes[k]), 9);
        }
        const { w, mu } = learnedPrior(base, learned);
        expect(sum(w)).toBeCloseTo(1, 9);
        expect(Math.min(...w)).toBeGreaterThan(0);
        expect(mu[1]).toBeGreaterThanOrEqual(2 * mu[0]);
        // Between what was expected and three times that, whatever was seen.
        for (const k of [0, 2] as const) {
          expect(mu[k]).toBeGreaterThan(0);
          expect(mu[k]).toBeLessThanOrEqual(3 * base.mu[k] * (1 + 1e-9));
        }
      }),
    );
  });

  it('moves towards what is seen again and again', () => {
    const seen = { r: [0, 0, 0, 1], size: [0, 0, 0, 2] } as const;
    const learned = learnAll(
      Array.from({ length: 2000 }, () => seen),
      { ...DEFAULT_PRIOR },
    );
    const { w, mu } = learnedPrior(DEFAULT_PRIOR, learned);
    expect(w[3]).toBeGreaterThan(0.99);
    expect(mu[2]).toBeCloseTo(2, 2);
    expect(mu.slice(0, 2)).toEqual(DEFAULT_PRIOR.mu.slice(0, 2));
  });

  it('refuses a weight of nothing, and probabilities that are all 0', () => {
    expect(() => learnedPrior(DEFAULT_PRIOR, NOTHING_LEARNED, 0)).toThrow('pseudoCounts must be above 0, got 0');
    expect(() => learnedPrior({ ...DEFAULT_PRIOR, w: [0, 0, 0, 0] }, NOTHING_LEARNED)).toThrow(
      'probabilities of a prior must not all be 0',
    );
  });
});
