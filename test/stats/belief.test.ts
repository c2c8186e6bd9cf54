import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  believe,
  decide,
  DEFAULT_PRIOR,
  hasDrifted,
  learn,
  learnedPrior,
  mean,
  NOTHING_LEARNED,
  posterior,
  PROFILES,
  scalePrior,
  standardDeviation,
  update,
  type Profile,
} from '../../src/stats.ts';
import { createNoise, range } from './numbers.ts';

describe('the decision', () => {
  it.each([
    ['progress', { E: -0.3, pGain: 0.1 }, 1, 'keep'],
    ['progress', { E: -0.2, pGain: 0.99 }, 1, 'discard'],
    ['balanced', { E: -0.3, pGain: 0.45 }, 1, 'more'],
    ['balanced', { E: -0.3, pGain: 0.55 }, 1, 'more'],
    ['balanced', { E: -0.3, pGain: 0.6 }, 1, 'keep'],
    ['balanced', { E: -0.3, pGain: 0.4 }, 1, 'discard'],
    ['balanced', { E: -0.3, pGain: 0.5 }, 2, 'keep'],
    ['balanced', { E: -0.3, pGain: 0.49 }, 2, 'discard'],
    ['balanced', { E: 0.01, pGain: 0.7 }, 2, 'discard'],
    ['strict', { E: -1, pGain: 0.89 }, 2, 'more'],
    ['strict', { E: -1, pGain: 0.89 }, 3, 'discard'],
    ['strict', { E: -1, pGain: 0.9 }, 1, 'keep'],
  ] as const)('%s, %o after %d trials: %s', (profile, posterior, trials, expected) => {
    expect(decide(profile, posterior, { trials, sigma: 1 })).toBe(expected);
  });

  it('takes a rule of its own, with the price of a keep in sigma', () => {
    const rule = { ...PROFILES.balanced, minGain: 1 };
    expect(decide(rule, { E: -1.5, pGain: 0.9 }, { trials: 1, sigma: 1 })).toBe('keep');
    expect(decide(rule, { E: -1.5, pGain: 0.9 }, { trials: 1, sigma: 2 })).toBe('discard');
  });

  it('never asks for more than the rule allows', () => {
    const profile = fc.constantFrom<Profile>('progress', 'balanced', 'strict');
    fc.assert(
      fc.property(profile, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true }), (profile, pGain, E) => {
        expect(decide(profile, { E, pGain }, { trials: PROFILES[profile].maxTrials, sigma: 1 })).not.toBe('more');
      }),
    );
  });
});

describe('the belief about the incumbent', () => {
  it('starts at the mean of the baseline and moves by the rules of a keep and of a discard', () => {
    const belief = believe([1, 2, 3], 0.6);
    expect(belief.m).toBe(2);
    expect(belief.v).toBeCloseTo(0.12, 14);
    const seen = { d: -1, s2: 0.36, posterior: { E: -0.4, V: 0.2 } };
    const kept = update(belief, { ...seen, kept: true });
    expect(kept.m).toBeCloseTo(2 - 0.4 + 0.25 * -0.6, 12);
    expect(kept.v).toBeCloseTo(0.25 * 0.36 + 0.75 ** 2 * 0.2, 12);
    const held = update(belief, { ...seen, kept: false });
    expect(held.m).toBeCloseTo(2 + 0.25 * -0.6, 12);
    expect(held.v).toBeCloseTo(0.25 * 0.36 + 0.25 ** 2 * 0.2, 12);
    // As sure of the one as of the other: half of the surprise goes to each.
    expect(update({ m: 0, v: 1 }, { d: 1, s2: 1, posterior: { E: 0, V: 0 }, kept: false })).toEqual({ m: 0.5, v: 0.5 });
  });

  it('follows a metric without noise exactly', () => {
    const belief = believe([0.1, 0.1, 0.1], 0);
    expect(belief).toEqual({ m: 0.1, v: 0 });
    const result = posterior(-0.5, 0, 0, scalePrior(DEFAULT_PRIOR, 0));
    expect(update(belief, { d: -0.5, s2: 0, posterior: result, kept: true })).toEqual({ m: -0.4, v: 0 });
    expect(update(belief, { d: -0.5, s2: 0, posterior: result, kept: false })).toEqual(belief);
  });

  it('is refused without scores, noise or a difference that are numbers', () => {
    const seen = { d: 1, s2: 1, posterior: { E: 0, V: 0 }, kept: true };
    expect(() => believe([], 1)).toThrow('the mean needs a value');
    expect(() => believe([NaN], 1)).toThrow('scores must be finite numbers, got NaN');
    expect(() => believe([1], -1)).toThrow('sigma must be a finite number, 0 or more, got -1');
    expect(() => update({ m: 0, v: 1 }, { ...seen, d: Infinity })).toThrow('the difference must be a finite number, got Infinity');
    expect(() => update({ m: 0, v: 1 }, { ...seen, s2: -1 })).toThrow('the variance of the measurement must be a finite number');
    expect(() => decide('strict', { E: 0, pGain: 0 }, { trials: 0, sigma: 1 })).toThrow('a decision needs a trial, got 0');
  });

  it('has drifted where a trial is more deviations off than are asked for, of the noise and the belief together', () => {
    const belief = { m: 10, v: 9 };
    expect([hasDrifted(25, belief, 4), hasDrifted(25.01, belief, 4), hasDrifted(-5, belief, 4), hasDrifted(-5.01, belief, 4)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect([hasDrifted(20, belief, 4, 2), hasDrifted(20.01, belief, 4, 2)]).toEqual([false, true]);
  });

  it('sees that the incumbent drifted beyond 3 deviations', () => {
    const belief = { m: 10, v: 3 };
    expect(hasDrifted(15.9, belief, 1)).toBe(false);
    expect(hasDrifted(3.9, belief, 1)).toBe(true);
    expect(hasDrifted(NaN, belief, 1)).toBe(true);
  });
});

describe('learning the prior', () => {
  it('starts from the base and counts it as 20 experiments and 3 sizes', () => {
    expect(learnedPrior(DEFAULT_PRIOR, NOTHING_LEARNED).w[1]).toBeCloseTo(0.35, 14);
    const seen = { r: [0, 0, 0, 1], size: [0, 0, 0, 2] } as const;
    const prior = learnedPrior(DEFAULT_PRIOR, learn(NOTHING_LEARNED, seen, DEFAULT_PRIOR));
    expect(prior.w[3]).toBeCloseTo((20 * 0.2 + 1) / 21, 14);
    expect(prior.w[0]).toBeCloseTo((20 * 0.2) / 21, 14);
    expect(prior.mu[2]).toBeCloseTo((3 * 1.2 + 2) / 4, 14);
  });

  it('counts a wreck as 3 mu and keeps large harm twice as large as small harm', () => {
    const wreck = { r: [0, 1, 0, 0], size: [0, 1e9, 0, 0] } as const;
    const learned = range(50).reduce((state) => learn(state, wreck, learnedPrior(DEFAULT_PRIOR, state)), NOTHING_LEARNED);
    const prior = learnedPrior(DEFAULT_PRIOR, learned);
    expect(learn(NOTHING_LEARNED, { r: [0, 0.5, 0.25, 0.25], size: [0, 1e9, 1e9, 1e9] }, DEFAULT_PRIOR).sizes).toEqual([
      0,
      4.5,
      9,
      0.25 * 3 * 1.2,
    ]);
    expect(prior.mu[0]).toBeGreaterThan(12);
    expect(prior.mu[1]).toBe(2 * prior.mu[0]);
  });

  it('keeps probabilities that sum to 1', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -10, max: 30, noNaN: true }), { maxLength: 20 }), (differences) => {
        let prior = DEFAULT_PRIOR;
        let learned = NOTHING_LEARNED;
        for (const d of differences) {
          learned = learn(learned, posterior(d, 1, 0.3, prior), prior);
          prior = learnedPrior(DEFAULT_PRIOR, learned);
        }
        expect(prior.w.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
        expect(prior.mu[1]).toBeGreaterThanOrEqual(2 * prior.mu[0]);
      }),
    );
  });

  it('finds out that gains are frequent here', () => {
    const noise = createNoise(5);
    let prior = DEFAULT_PRIOR;
    let learned = NOTHING_LEARNED;
    for (let i = 0; i < 300; i++) {
      const e = noise.unit() < 0.7 ? -noise.exponential(4) : noise.exponential(3);
      learned = learn(learned, posterior(e + noise.normal(), 1, 0, prior), prior);
      prior = learnedPrior(DEFAULT_PRIOR, learned);
    }
    expect(prior.w[3]).toBeGreaterThan(0.5);
    expect(prior.mu[2]).toBeGreaterThan(2.5);
  });
});

/** Nights of 100 trials in a world where effects follow the prior; scores in units of sigma. */
function simulateNight(seed: number, profile: Profile) {
  const noise = createNoise(seed);
  const effect = () => {
    const u = noise.unit();
    return u < 0.2 ? 0 : u < 0.55 ? noise.exponential(3) : u < 0.8 ? noise.exponential(12) : -noise.exponential(1.2);
  };
  let truth = 0;
  let luckiest = Infinity;
  let naiveTruth = 0;
  let belief = believe(
    range(3).map(() => noise.normal()),
    1,
  );
  const start = belief.m;
  let keeps = 0;
  for (let used = 3; used < 100;) {
    const e = effect();
    let scores: number[] = [];
    let verdict: ReturnType<typeof decide> = 'more';
    while (verdict === 'more') {
      scores = [...scores, truth + e + noise.normal()];
      used++;
      const [d, s2] = [mean(scores) - belief.m, 1 / scores.length];
      const result = posterior(d, s2, belief.v, DEFAULT_PRIOR);
      verdict = decide(profile, result, { trials: scores.length, sigma: 1 });
      if (verdict !== 'more') belief = update(belief, { d, s2, posterior: result, kept: verdict === 'keep' });
    }
    const naiveScore = naiveTruth + e + noise.normal();
    if (naiveScore < luckiest) [luckiest, naiveTruth] = [naiveScore, naiveTruth + e];
    if (verdict === 'keep') [truth, keeps] = [truth + e, keeps + 1];
  }
  return {
    claimError: truth - belief.m,
    naiveError: naiveTruth - luckiest,
    z: (truth - belief.m) / Math.sqrt(belief.v),
    gain: start - truth,
    keeps,
  };
}

describe('a night of the filter', () => {
  it.each(['progress', 'balanced', 'strict'] as const)(
    '%s reports a score that is neither lucky nor timid, unlike the best score seen',
    (profile) => {
      const nights = range(250).map((seed) => simulateNight(seed, profile));
      expect(Math.abs(mean(nights.map((night) => night.claimError)))).toBeLessThan(0.12);
      expect(mean(nights.map((night) => night.naiveError))).toBeGreaterThan(1);
      expect(standardDeviation(nights.map((night) => night.z))).toBeGreaterThan(0.8);
      expect(standardDeviation(nights.map((night) => night.z))).toBeLessThan(1.25);
    },
  );

  it('keeps fewer candidates the stricter the profile', () => {
    const keeps = (profile: Profile) => mean(range(60).map((seed) => simulateNight(seed, profile).keeps));
    expect(keeps('progress')).toBeGreaterThan(keeps('balanced'));
    expect(keeps('balanced')).toBeGreaterThan(2 * keeps('strict'));
  });
});
