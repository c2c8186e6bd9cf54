import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NONE, overlap, union, withBit, without } from '../../../src/swarm/trust/bits.ts';

const sets = fc.uniqueArray(fc.nat(200), { maxLength: 40 });
const bitsOf = (numbers: readonly number[]) => numbers.reduce(withBit, NONE);
const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

it('are sets of numbers', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      const [x, y] = [bitsOf(a), bitsOf(b)];
      expect(without(x, NONE)).toEqual(sorted(a));
      expect(without(union(x, y), NONE)).toEqual(sorted([...new Set([...a, ...b])]));
      expect(without(x, y)).toEqual(sorted(a.filter((one) => !b.includes(one))));
      expect(overlap(x, y)).toBe(a.some((one) => b.includes(one)));
    }),
  );
});
