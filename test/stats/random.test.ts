import { describe, expect, it } from 'vitest';
import { createGenerator } from '../../src/stats.ts';

const firstOf = (...seeds: readonly number[]) => {
  const random = createGenerator(...seeds);
  return [random.index(1000), random.index(1000), random.unit(), random.index(6)];
};

describe('random numbers', () => {
  // Records are computed again from their seeds, so these may never change.
  it.each([
    [[], [54, 552, 0.5431177941236052, 0]],
    [[0], [89, 583, 0.15612060452992627, 1]],
    [[1], [475, 342, 0.7203597479991739, 1]],
    [[-1], [410, 581, 0.14190825915418237, 1]],
    [
      [1, 2],
      [850, 331, 0.089007813736937, 4],
    ],
    [
      [2, 1],
      [205, 658, 0.5091512592714011, 0],
    ],
  ])('of the seeds %j are the same on every machine', (seeds, expected) => {
    expect(firstOf(...seeds)).toEqual(expected);
  });

  it('follow from the lower 32 bits of the whole part of a seed', () => {
    expect([firstOf(1.5), firstOf(2 ** 32 + 1)]).toEqual([firstOf(1), firstOf(1)]);
  });

  it('have as many values as are asked for', () => {
    const random = createGenerator(7);
    expect(new Set(Array.from({ length: 200 }, () => random.index(6)))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect(Array.from({ length: 9 }, () => random.index(1))).toEqual(Array.from({ length: 9 }, () => 0));
  });
});
