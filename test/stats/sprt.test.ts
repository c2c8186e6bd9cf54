import { describe, expect, it } from 'vitest';
import { mean, sprt } from '../../src/stats.ts';
import { createNoise, range } from './numbers.ts';

/** How often a gain is accepted, and the trials it took, where the true effect is `effect` sigma. */
function simulate(effect: number, options: { alpha: number; beta: number }) {
  const noise = createNoise(9, effect * 10);
  const nights = range(3000).map(() => {
    const differences: number[] = [];
    for (;;) {
      differences.push(2 * (effect + noise.normal()));
      const { decision } = sprt(differences, { sigma: 2, ...options });
      if (decision !== 'continue') return { accepted: decision === 'accept' ? 1 : 0, trials: differences.length };
    }
  });
  return { accepted: mean(nights.map((night) => night.accepted)), trials: mean(nights.map((night) => night.trials)) };
}

describe('the sequential test', () => {
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
  });

  it('refuses error rates that contradict each other', () => {
    expect(() => sprt([], { sigma: 1, alpha: 0.6, beta: 0.5 })).toThrow(RangeError);
    expect(() => sprt([NaN], { sigma: 1 })).toThrow(RangeError);
  });
});
