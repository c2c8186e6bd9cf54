/** Seeded random numbers: the same seeds, the same numbers, on every machine. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Generator {
  /** A whole number from 0 up to, but not including, `n`. */
  index(n: number): number;
  /** A number from 0 up to, but not including, 1. */
  unit(): number;
}

export function createGenerator(...seeds: readonly number[]): Generator {
  // Neighbouring seeds would give neighbouring first numbers without this mixing.
  const mixed = seeds.reduce((state, seed) => scramble(state ^ scramble((seed | 0) + 0x9e3779b9)), 0x6a09e667);
  const generator = xoroshiro128plus(mixed);
  for (let i = 0; i < 8; i++) generator.next();
  return { index: (n) => uniformInt(generator, 0, n - 1), unit: () => uniformFloat64(generator) };
}

function scramble(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b);
  return bits ^ (bits >>> 16);
}
