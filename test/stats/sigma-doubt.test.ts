import { describe, expect, it } from 'vitest';
import { mixParts, sigmaNodes } from '../../src/stats.ts';

describe('what sigma may be', () => {
  it('are seven values from two steps below the estimate to four above, by their density', () => {
    for (const df of [1, 4, 99, 99.9]) {
      const nodes = sigmaNodes(df);
      const steps = nodes.map(({ factor }) => (Math.log(factor) * Math.sqrt(2 * df)) / 1.3);
      expect(steps).toEqual([-2, -1, 0, 1, 2, 3, 4].map((step) => expect.closeTo(step, 9)));
      const density = (factor: number) => factor ** -df * Math.exp(-df / (2 * factor ** 2));
      const total = nodes.reduce((sum, { factor }) => sum + density(factor), 0);
      for (const { factor, weight } of nodes) expect(weight).toBeCloseTo(density(factor) / total, 12);
    }
  });

  it('is the estimate alone from a hundred degrees of freedom on', () => {
    expect(sigmaNodes(100)).toEqual([{ factor: 1, weight: 1 }]);
    expect(() => sigmaNodes(0)).toThrow('the degrees of freedom must be above 0, got 0');
    expect(() => sigmaNodes(NaN)).toThrow(RangeError);
  });
});

describe('a mixture', () => {
  it('has the mean of its parts, and their variances with those between them', () => {
    const parts = [
      { weight: 1, E: 0, V: 1, pGain: 0.2 },
      { weight: 3, E: 4, V: 2, pGain: 0.6 },
    ];
    expect(mixParts(parts)).toEqual({ E: 3, V: 4.75, pGain: expect.closeTo(0.5, 12) });
  });

  it('needs weights with a sum, and variances', () => {
    const part = { weight: 1, E: 0, V: 1, pGain: 0.5 };
    const message = 'weights must have a finite sum above 0';
    for (const weight of [0, -1, Infinity, NaN]) expect(() => mixParts([{ ...part, weight }])).toThrow(`${message}, got ${weight}`);
    expect(() => mixParts([])).toThrow(`${message}, got 0`);
    expect(() => mixParts([{ ...part, V: -1 }])).toThrow('the variance must be a finite number, 0 or more, got -1');
  });
});
