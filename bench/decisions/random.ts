import { createGenerator } from '../../src/stats.ts';

export interface Random {
  unit(): number;
  normal(): number;
  exponential(mean: number): number;
}

/** The same seeds give the same numbers: what an idea does, and how lucky its trials are, is the same under every policy. */
export function createRandom(...seeds: readonly number[]): Random {
  const { unit } = createGenerator(...seeds);
  return {
    unit,
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    exponential: (mean) => -mean * Math.log(1 - unit()),
  };
}
