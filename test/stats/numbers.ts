/** Seeded numbers and sums for the tests of statistics. */
import { createGenerator } from '../../src/stats.ts';

export interface Noise {
  unit(): number;
  normal(): number;
  exponential(mean: number): number;
}

export function createNoise(...seeds: readonly number[]): Noise {
  const { unit } = createGenerator(...seeds);
  return {
    unit,
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    exponential: (mean) => -mean * Math.log(1 - unit()),
  };
}

/** Simpson's rule with `steps` (even) steps. */
export function integrate(f: (x: number) => number, from: number, to: number, steps = 20_000): number {
  const width = (to - from) / steps;
  let sum = f(from) + f(to);
  for (let i = 1; i < steps; i++) sum += f(from + i * width) * (i % 2 === 0 ? 2 : 4);
  return (sum * width) / 3;
}

export const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

export const relativeError = (actual: number, expected: number): number =>
  actual === expected ? 0 : Math.abs(actual - expected) / Math.abs(expected);
