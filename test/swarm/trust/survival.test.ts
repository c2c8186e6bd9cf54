import { describe, expect, it } from 'vitest';
import { createGenerator, mean } from '../../../src/stats.ts';
import { survivalOf, type Move } from '../../../src/swarm/trust/survival.ts';

/** Moves of one change of 3 sigma each, over one to three others. */
function movesWith(share: number, count: number): Move[] {
  const { unit } = createGenerator(7, count);
  return Array.from({ length: count }, (_, i) => {
    const over = 1 + (i % 3);
    const isLeft = unit() < share ** over;
    const noise = Array.from({ length: 12 }, unit).reduce((sum, u) => sum + u - 0.5, 0);
    return { E: -3, V: 0.2, over, d: (isLeft ? -3 : 0) + 0.7 * noise, s2: 0.5 };
  });
}

describe('the share of changes that survive beside one that they were not made with', () => {
  it.each([0.5, 0.7, 0.9, 0.98])('is learned from moves: %s', (share) => {
    expect(Math.abs(survivalOf(movesWith(share, 200)) - share)).toBeLessThan(0.06);
  });

  it('is about 0.9 as long as nothing was moved over anything', () => {
    const before = survivalOf([]);
    expect(before).toBeCloseTo(0.9, 1);
    expect(survivalOf(movesWith(0.5, 30).map((move) => ({ ...move, over: 0 })))).toBe(before);
  });

  it('falls with every move that has failed', () => {
    const falling = [0, 2, 5, 10].map((n) => survivalOf(Array.from({ length: n }, () => ({ E: -3, V: 0.2, over: 1, d: 0, s2: 0.5 }))));
    expect(falling.toSorted((a, b) => b - a)).toEqual(falling);
    expect(mean(falling)).toBeLessThan(0.9);
  });
});
