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

/** The same with wrecks in a share of the rows: from 10 to 10,000 sigma off. */
function withWrecks(sigma: number, count: number, seed: number, share = 0.05): number[] {
  const noise = createNoise(seed, 7);
  return differences(sigma, count, seed).map((d) => (noise.unit() < share ? sigma * 10 ** (1 + 3 * noise.unit()) : d));
}

it('finds sigma within a factor of 1.5 from a hundred changes, at any scale, also with 5 % of wrecks', () => {
  for (const seed of range(40)) {
    const sigma = [0.00024, 3][seed % 2] ?? 1;
    for (const changes of [differences(sigma, 100, seed + 1), withWrecks(sigma, 100, seed + 1)]) {
      const found = (sigmaFromEffects(changes) ?? NaN) / sigma;
      expect([seed, found < 1.5 && found > 1 / 1.5]).toEqual([seed, true]);
    }
  }
});

it('is not moved by one run that diverged', () => {
  const changes = differences(0.00024, 100, 5);
  const clean = sigmaFromEffects(changes) ?? NaN;
  const found = sigmaFromEffects([...changes, 3.2158 - 0.9979]) ?? NaN;
  expect(Math.abs(Math.log(found / clean))).toBeLessThan(Math.log(1.1));
});

it('answers from few changes only where it knows, and is then mostly right', () => {
  let [asked, wrong, right] = [0, 0, 0];
  for (const seed of range(120)) {
    const found = sigmaFromEffects(withWrecks(1, [10, 20, 40][seed % 3] ?? 10, seed + 300));
    if (found === undefined) asked += 1;
    else if (found < 1.5 && found > 1 / 1.5) right += 1;
    else wrong += 1;
  }
  expect(asked).toBeGreaterThan(30);
  expect(right).toBeGreaterThan(10);
  // It answers where it is 95 % sure.
  expect(wrong / (right + wrong)).toBeLessThan(0.15);
});

it('has nothing to say of a few changes, or of none that did anything', () => {
  expect(sigmaFromEffects([1, -1, 2, -2, 1, 3, 2])).toBeUndefined();
  expect(sigmaFromEffects(range(20).map(() => 0))).toBeUndefined();
  expect(() => sigmaFromEffects([NaN])).toThrow(RangeError);
});
