import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PRIOR, effectCdf, effectInterval, normalInterval, posterior, scalePrior, type Prior } from '../../src/stats.ts';
import { integrate, relativeError } from './numbers.ts';

const difference = fc.double({ min: -30, max: 60, noNaN: true });
const variance = fc.double({ min: 0.01, max: 3, noNaN: true });

/** The moments by numerical integration of prior times likelihood, from their definition. */
function integrated(d: number, S: number, { w, mu }: Prior) {
  const likelihood = (e: number) => Math.exp(-0.5 * ((d - e) / S) ** 2);
  const side = (k: 1 | 2 | 3, sign: number, power: number) => {
    const scale = mu[k - 1] ?? NaN;
    return w[k] * integrate((size) => size ** power * (Math.exp(-size / scale) / scale) * likelihood(sign * size), 0, Math.abs(d) + 12 * S);
  };
  const zero = w[0] * likelihood(0);
  const total = zero + side(1, 1, 0) + side(2, 1, 0) + side(3, -1, 0);
  const E = (side(1, 1, 1) + side(2, 1, 1) - side(3, -1, 1)) / total;
  const square = (side(1, 1, 2) + side(2, 1, 2) + side(3, -1, 2)) / total;
  return { E, V: square - E ** 2, pGain: side(3, -1, 0) / total };
}

describe('the posterior of an effect', () => {
  it.each([
    [-3, 1, -1.27991, 1.61297, 0.73974],
    [-1, 1 / 3, -0.27894, 0.55674, 0.43217],
    [0, 1 / 3, 0.09182, 0.49566, 0.26596],
  ])('has the golden values for d = %d, v = %d', (d, v, E, V, P) => {
    const result = posterior(d, 1, v, DEFAULT_PRIOR);
    expect(Math.abs(result.E - E)).toBeLessThan(1e-5);
    expect(Math.abs(result.V - V)).toBeLessThan(1e-5);
    expect(Math.abs(result.pGain - P)).toBeLessThan(1e-5);
  });

  it('does not break far out', () => {
    const far = posterior(40, 1, 0.2, DEFAULT_PRIOR);
    expect(Math.abs(far.E - 39.89992)).toBeLessThan(1e-5);
    expect(far.pGain).toBeLessThan(1e-100);
    for (const d of [-1e6, 1e6, 1e30, -1e30, 1e200]) {
      const { E, V, r } = posterior(d, 1, 0.2, DEFAULT_PRIOR);
      expect(relativeError(E, d)).toBeLessThan(1e-5);
      expect(V).toBeCloseTo(1.2, 6);
      expect(r[d < 0 ? 3 : 2]).toBeCloseTo(1, 10);
    }
  });

  it('is what integrating prior times likelihood gives', () => {
    for (const [d, s2, v] of [
      [-3, 0.5, 0.7],
      [0.3, 1, 0.33],
      [6, 1, 0.1],
    ] as const) {
      const result = posterior(d, s2, v, DEFAULT_PRIOR);
      const expected = integrated(d, Math.sqrt(s2 + v), DEFAULT_PRIOR);
      expect(result.E).toBeCloseTo(expected.E, 8);
      expect(result.V).toBeCloseTo(expected.V, 8);
      expect(result.pGain).toBeCloseTo(expected.pGain, 8);
    }
  });

  it('has probabilities that sum to 1 and a variance that is the slope of the estimate', () => {
    fc.assert(
      fc.property(difference, variance, variance, (d, s2, v) => {
        const { r, V } = posterior(d, s2, v, DEFAULT_PRIOR);
        expect(r.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
        const step = 1e-4;
        const slope = (posterior(d + step, s2, v, DEFAULT_PRIOR).E - posterior(d - step, s2, v, DEFAULT_PRIOR).E) / (2 * step);
        expect(relativeError((s2 + v) * slope, V)).toBeLessThan(1e-4);
      }),
    );
  });

  it('believes less in a gain, and more in a harm, the larger the difference', () => {
    fc.assert(
      fc.property(difference, fc.double({ min: 0.01, max: 5, noNaN: true }), variance, variance, (d, more, s2, v) => {
        const [near, far] = [posterior(d, s2, v, DEFAULT_PRIOR), posterior(d + more, s2, v, DEFAULT_PRIOR)];
        expect(far.pGain).toBeLessThanOrEqual(near.pGain);
        expect(far.E).toBeGreaterThan(near.E);
      }),
    );
  });

  it('shrinks a measured gain: the estimate lies between it and no effect', () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: -1.5, noNaN: true }), variance, (d, v) => {
        const { E } = posterior(d, 1, v, DEFAULT_PRIOR);
        expect(E).toBeGreaterThan(d);
        expect(E).toBeLessThan(0.2);
      }),
    );
  });

  it('mirrors with data and prior', () => {
    const prior: Prior = { w: [0.3, 0.45, 0, 0.25], mu: [2, 9, 1.1] };
    const mirrored: Prior = { w: [0.3, 0.25, 0, 0.45], mu: [1.1, 9, 2] };
    fc.assert(
      fc.property(difference, variance, (d, v) => {
        const [one, other] = [posterior(d, 1, v, prior), posterior(-d, 1, v, mirrored)];
        expect(other.E).toBeCloseTo(-one.E, 10);
        expect(other.V).toBeCloseTo(one.V, 10);
        expect(other.r[1]).toBeCloseTo(one.r[3], 10);
        expect(other.pGain).toBeCloseTo(one.r[1], 10);
      }),
    );
  });

  it('does not depend on the unit', () => {
    fc.assert(
      fc.property(difference, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (d, unit) => {
        const [plain, scaled] = [
          posterior(d, 1, 0.4, DEFAULT_PRIOR),
          posterior(d * unit, unit ** 2, 0.4 * unit ** 2, scalePrior(DEFAULT_PRIOR, unit)),
        ];
        expect(scaled.pGain).toBeCloseTo(plain.pGain, 9);
        expect(scaled.E / unit).toBeCloseTo(plain.E, 8);
      }),
    );
  });

  it('takes a difference without any noise as the effect', () => {
    const flat = scalePrior(DEFAULT_PRIOR, 0);
    expect(posterior(-0.5, 0, 0, flat)).toMatchObject({ E: -0.5, V: 0, pGain: 1 });
    expect(posterior(0.5, 0, 0, flat)).toMatchObject({ E: 0.5, V: 0, pGain: 0 });
    expect(posterior(0, 0, 0, flat).r).toEqual([1, 0, 0, 0]);
    expect(effectInterval(-0.5, 0, 0, flat)).toEqual([-0.5, -0.5]);
  });

  it('refuses what is no number or no prior', () => {
    expect(() => posterior(NaN, 1, 1, DEFAULT_PRIOR)).toThrow(RangeError);
    expect(() => posterior(0, -1, 1, DEFAULT_PRIOR)).toThrow(RangeError);
    expect(() => posterior(0, 1, 1, { ...DEFAULT_PRIOR, mu: [3, 0, 1] })).toThrow(RangeError);
    expect(() => posterior(0, 1, 1, { ...DEFAULT_PRIOR, w: [0, 0, 0, 0] })).toThrow(RangeError);
  });
});

describe('the interval of an effect', () => {
  it('holds the estimate, and its level of the probability', () => {
    fc.assert(
      fc.property(difference, variance, variance, fc.constantFrom(0.5, 0.8, 0.95, 0.99), (d, s2, v, level) => {
        const [low, high] = effectInterval(d, s2, v, DEFAULT_PRIOR, level);
        const { E } = posterior(d, s2, v, DEFAULT_PRIOR);
        if (level >= 0.95) expect(low <= E && E <= high).toBe(true);
        const cdf = effectCdf(d, s2, v, DEFAULT_PRIOR);
        const inside = cdf(high) - cdf(low);
        // Where a bound is the step at no effect, the interval holds more than asked, never less.
        expect(inside).toBeGreaterThan(level - 1e-6 - (low === 0 ? posterior(d, s2, v, DEFAULT_PRIOR).r[0] : 0));
        if (low !== 0 && high !== 0) expect(inside).toBeCloseTo(level, 6);
      }),
    );
  });

  it('agrees with integrating the density, and with the normal approximation where the effect is clear', () => {
    const cdf = effectCdf(-1.5, 1, 0.3, DEFAULT_PRIOR);
    const { r, E } = posterior(-1.5, 1, 0.3, DEFAULT_PRIOR);
    const expected = integrate((x) => 1 - cdf(x), 0, 40) - integrate(cdf, -40, -1e-12);
    expect(expected).toBeCloseTo(E, 5);
    expect(cdf(0) - cdf(-1e-12)).toBeCloseTo(r[0], 9);
    const [low, high] = effectInterval(30, 1, 0.3, DEFAULT_PRIOR);
    const normal = normalInterval(posterior(30, 1, 0.3, DEFAULT_PRIOR));
    expect(low).toBeCloseTo(normal[0], 3);
    expect(high).toBeCloseTo(normal[1], 3);
  });

  it('is E +- 1.96 sqrt(V) in the normal approximation', () => {
    const [low, high] = normalInterval({ E: -2, V: 4 });
    expect(low).toBeCloseTo(-2 - 3.92, 3);
    expect(high).toBeCloseTo(-2 + 3.92, 3);
  });
});
