/** How likely a difference is: the evidence by which hypotheses about drift and sigma are weighed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PRIOR, logEvidence, logSumExp, posterior } from '../../src/stats.ts';
import { integrate } from './numbers.ts';

/** The density of a difference, from its definition: the prior of the effect times the density of the noise. */
function density(d: number, S: number): number {
  const { w, mu } = DEFAULT_PRIOR;
  const noise = (e: number) => Math.exp(-0.5 * ((d - e) / S) ** 2) / (S * Math.sqrt(2 * Math.PI));
  const side = (k: 1 | 2 | 3, sign: number) => {
    const mean = mu[k - 1] ?? NaN;
    return w[k] * integrate((size) => (Math.exp(-size / mean) / mean) * noise(sign * size), 0, Math.abs(d) + 12 * S, 4000);
  };
  return w[0] * noise(0) + side(1, 1) + side(2, 1) + side(3, -1);
}

describe('the evidence', () => {
  it('is the logarithm of the density of the difference', () => {
    for (const [d, S2] of [
      [-3, 1],
      [0, 0.25],
      [0.4, 2],
      [5, 1.5],
    ] as const) {
      expect(logEvidence(d, S2, DEFAULT_PRIOR)).toBeCloseTo(Math.log(density(d, Math.sqrt(S2))), 6);
    }
  });

  it('is what the posterior gives too, however the variance is divided between measurement and belief', () => {
    const amount = fc.double({ min: 0.01, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: -30, max: 60, noNaN: true }), amount, amount, (d, s2, v) => {
        expect(posterior(d, s2, v, DEFAULT_PRIOR).logEvidence).toBeCloseTo(logEvidence(d, s2 + v, DEFAULT_PRIOR), 9);
      }),
    );
  });

  it('is of a density: all differences together have probability 1', () => {
    expect(integrate((d) => Math.exp(logEvidence(d, 0.5, DEFAULT_PRIOR)), -60, 400, 20_000)).toBeCloseTo(1, 6);
  });
});

describe('the sum of exponentials', () => {
  it('is that of the plain sum, where that can be computed', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 8 }), (logs) => {
        expect(logSumExp(logs)).toBeCloseTo(Math.log(logs.reduce((sum, log) => sum + Math.exp(log), 0)), 9);
      }),
    );
  });

  it('neither overflows nor underflows', () => {
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 9);
    expect(logSumExp([-2000, -2000, -2000])).toBeCloseTo(-2000 + Math.log(3), 9);
    expect(logSumExp([-Infinity, 5])).toBe(5);
  });
});

describe('a difference without any variance', () => {
  it('is the effect itself, and of the kind that its sign says', () => {
    const kinds = (d: number) => posterior(d, 0, 0, DEFAULT_PRIOR).r;
    expect([kinds(-2), kinds(2), kinds(0)]).toEqual([
      [0, 0, 0, 1],
      [0, 1, 0, 0],
      [1, 0, 0, 0],
    ]);
    expect(posterior(-2, 0, 0, DEFAULT_PRIOR)).toMatchObject({ E: -2, V: 0, pGain: 1, size: [0, 2, 2, 2], logEvidence: 0 });
  });
});

it.each([
  ['a difference', () => posterior(Infinity, 1, 1, DEFAULT_PRIOR), 'the difference must be a finite number, got Infinity'],
  ['a variance', () => posterior(0, NaN, 1, DEFAULT_PRIOR), 'the variance of the measurement must be'],
  ['a belief', () => posterior(0, 1, -1, DEFAULT_PRIOR), 'the variance of the belief must be'],
  ['a size of 0', () => posterior(0, 1, 1, { ...DEFAULT_PRIOR, mu: [0, 1, 1] }), 'sizes above 0 and probabilities of 0 or more, got w'],
  ['a size below 0', () => posterior(0, 1, 1, { ...DEFAULT_PRIOR, mu: [1, 1, -1] }), 'a prior needs sizes above 0'],
  ['a probability below 0', () => posterior(0, 1, 1, { ...DEFAULT_PRIOR, w: [1, 0.5, -0.5, 0] }), 'a prior needs sizes above 0'],
  [
    'no kind of effect',
    () => posterior(0, 1, 1, { ...DEFAULT_PRIOR, w: [0, 0, 0, 0] }),
    'a kind of effect that can explain the difference',
  ],
])('refuses %s that makes no sense, and says which', (_, call, text) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(text);
});
