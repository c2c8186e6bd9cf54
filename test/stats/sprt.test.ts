import { describe, expect, it } from 'vitest';
import { mean, sprt } from '../../src/stats.ts';
import { createNoise, range } from './numbers.ts';

/** How often a gain is accepted, and the trials it took, where the true effect is `effect` sigma. */
function simulate(effect: number, options: { alpha: number; beta: number }) {
  const noise = createNoise(9, effect * 10);
  const nights = range(3000).map(() => {
    const differences: number[] = [];
    while (differences.length < 1000) {
      differences.push(2 * (effect + noise.normal()));
      const { decision } = sprt(differences, { sigma: 2, ...options });
      if (decision !== 'continue') return { accepted: decision === 'accept' ? 1 : 0, trials: differences.length };
    }
    throw new Error('the test comes to no end');
  });
  return { accepted: mean(nights.map((night) => night.accepted)), trials: mean(nights.map((night) => night.trials)) };
}

describe('the sequential test', () => {
  it('has the log-likelihood ratio of the two means, and stops where a limit was crossed', () => {
    const { llr, decision, acceptAt, rejectAt } = sprt([-0.9], { sigma: 1 });
    expect(llr).toBeCloseTo(1.5 * 0.9 - 1.125, 12);
    expect(decision).toBe('continue');
    expect(acceptAt).toBeCloseTo(Math.log(16), 12);
    expect(rejectAt).toBeCloseTo(Math.log(0.2 / 0.95), 12);
    expect(sprt([-4, 90], { sigma: 1 }).decision).toBe('accept');
    expect(sprt([4, -90], { sigma: 1 }).decision).toBe('reject');
    expect(sprt([], { sigma: 1 })).toMatchObject({ decision: 'continue', llr: 0 });
  });

  it('needs more where the reference is noisy too, and one trial where nothing is', () => {
    expect(sprt([-2.7], { sigma: 1 }).decision).toBe('accept');
    expect(sprt([-2.7], { sigma: 1, sd: Math.SQRT2 }).decision).toBe('continue');
    expect(sprt([-0.1], { sigma: 0 }).decision).toBe('accept');
    expect(sprt([0], { sigma: 0 }).decision).toBe('reject');
    // Without noise in the difference, the gain is told from none at half its size.
    expect(sprt([-0.8], { sigma: 1, sd: 0 }).decision).toBe('accept');
    expect(sprt([-0.7], { sigma: 1, sd: 0 }).decision).toBe('reject');
  });

  it('refuses what makes no test, by its name', () => {
    expect(() => sprt([], { sigma: 1, alpha: 0.6, beta: 0.4 })).toThrow('alpha + beta below 1, got 1.5, 0.6 and 0.4');
    expect(() => sprt([], { sigma: 1, effect: 0 })).toThrow('the effect must be above 0');
    expect(() => sprt([NaN], { sigma: 1 })).toThrow('differences must be finite');
    expect(() => sprt([], { sigma: -1, sd: 1 })).toThrow('sigma must be');
    expect(() => sprt([], { sigma: 1, sd: -1 })).toThrow('the standard deviation of a difference must be');
    expect(() => sprt([], { sigma: 1, alpha: 0 })).toThrow('alpha must be');
    expect(() => sprt([], { sigma: 1, beta: 1 })).toThrow('beta must be');
  });

  it('accepts no change in at most alpha, and a gain of the asked size in at least 1 - beta', () => {
    const options = { alpha: 0.05, beta: 0.2 };
    const [none, gain, harm] = [simulate(0, options), simulate(-1.5, options), simulate(1.5, options)];
    expect(none.accepted).toBeLessThan(0.055);
    expect(none.accepted).toBeGreaterThan(0.01);
    expect(gain.accepted).toBeGreaterThan(0.79);
    expect(harm.accepted).toBeLessThan(0.002);
    expect(gain.trials).toBeLessThan(4);
    expect(none.trials).toBeLessThan(3);
  });

  it('holds its looser error rates too', () => {
    const options = { alpha: 0.2, beta: 0.2 };
    expect(simulate(0, options).accepted).toBeLessThan(0.22);
    expect(simulate(-1.5, options).accepted).toBeGreaterThan(0.78);
  });
});
