import { expect, it } from 'vitest';
import { sigmaFromEffects } from '../../src/stats.ts';
import { createNoise, range } from './numbers.ts';

/** Differences between single trials where effects are as the prior says. */
function differences(sigma: number, count: number, seed: number): number[] {
  const noise = createNoise(seed);
  return range(count).map((i) => {
    const kind = i % 20;
    const effect = kind < 4 ? 0 : kind < 11 ? noise.exponential(3) : kind < 16 ? noise.exponential(12) : -noise.exponential(1.2);
    return sigma * (effect + noise.normal() - noise.normal());
  });
}

it('finds sigma within a factor of two from a hundred changes, at any scale', () => {
  for (const seed of range(20))
    for (const sigma of [0.00024, 3]) {
      const found = (sigmaFromEffects(differences(sigma, 100, seed + 1)) ?? NaN) / sigma;
      expect(found).toBeGreaterThan(0.5);
      expect(found).toBeLessThan(2);
    }
});

it('has nothing to say of a few changes, or of none that did anything', () => {
  expect(sigmaFromEffects([1, -1, 2, -2, 1, 3, 2])).toBeUndefined();
  expect(sigmaFromEffects(range(20).map(() => 0))).toBeUndefined();
  expect(() => sigmaFromEffects([NaN])).toThrow(RangeError);
});
