import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addClass,
  addSlot,
  contrastsOf,
  levelIn,
  moveSlot,
  replaceLevel,
  slotScale,
  startLevels,
  update,
  updateLevels,
  withOffsetsOf,
  type Shown,
  type SlotLevels,
  type SlotMean,
} from '../../src/stats.ts';
import { widen } from '../../src/stats/slot-levels.ts';
import { createNoise } from './numbers.ts';

const number = fc.double({ min: -50, max: 50, noNaN: true });
const variance = fc.double({ min: 0.01, max: 9, noNaN: true });
const shown: fc.Arbitrary<Shown> = fc.record({
  d: number,
  s2: variance,
  posterior: fc.record({ E: number, V: variance }),
  kept: fc.boolean(),
});
const again = (d: number, s2: number): Shown => ({ d, s2, posterior: { E: 0, V: 0 }, kept: false });
const HARDWARE = ['', '', '', 'other'] as const;

/** Levels of two to four slots; the fourth is of another class. */
const start = fc
  .array(fc.record({ m: number, v: variance }), { minLength: 2, maxLength: 4 })
  .map((means) => means.map((mean, i): SlotMean => ({ slot: `s${i}`, hardware: HARDWARE[i] ?? '', ...mean })));

function near(one: SlotLevels, other: SlotLevels): void {
  const flat = ({ mean, cov }: SlotLevels) => [...mean, ...cov.flat()];
  for (const [i, value] of flat(one).entries())
    expect(Math.abs(value - (flat(other)[i] ?? NaN))).toBeLessThan(1e-8 * (1 + Math.abs(value)));
}

/** Is every variance, of whatever mix of slots, 0 or more? */
function isPossible({ cov }: SlotLevels, random = createNoise(1, cov.length)): boolean {
  return Array.from({ length: 20 }).every(() => {
    const mix = cov.map(() => random.normal());
    const of = cov.reduce((sum, row, i) => sum + row.reduce((inner, value, j) => inner + value * (mix[i] ?? 0) * (mix[j] ?? 0), 0), 0);
    return of > -1e-6 * Math.max(1, ...cov.flat().map(Math.abs));
  });
}

describe('levels of one slot', () => {
  it('are a plain belief, to the last bit', () => {
    fc.assert(
      fc.property(number, variance, fc.array(shown, { maxLength: 20 }), (m, v, steps) => {
        let levels = startLevels([{ slot: 'a', hardware: '', m, v }], 3);
        let belief = { m, v };
        for (const step of steps) {
          levels = updateLevels(levels, 'a', step);
          belief = update(belief, step);
          expect(levelIn(levels, 'a')).toEqual(belief);
        }
        expect(withOffsetsOf({ ...levels, mean: [7], cov: [[2]] }, levels)).toEqual({ ...levels, mean: [7], cov: [[2]] });
      }),
    );
  });
});

describe('levels of several slots', () => {
  it('stay possible and symmetric, and what a discard or a repeat shows never makes them less sure', () => {
    fc.assert(
      fc.property(start, fc.array(fc.tuple(fc.nat(3), shown), { maxLength: 15 }), (means, steps) => {
        let levels = startLevels(means, 1);
        for (const [place, step] of steps) {
          const slot = levels.slots[place % levels.slots.length] ?? '';
          const next = updateLevels(levels, slot, { ...step, posterior: { ...step.posterior, V: step.kept ? step.posterior.V : 0 } });
          if (!step.kept) {
            for (const each of levels.slots) expect(levelIn(next, each).v).toBeLessThanOrEqual(levelIn(levels, each).v * (1 + 1e-9));
          }
          levels = next;
          for (const [i, row] of levels.cov.entries())
            for (const [j, value] of row.entries()) expect(value).toBeCloseTo(levels.cov[j]?.[i] ?? NaN, 6);
          expect(isPossible(levels)).toBe(true);
        }
      }),
    );
  });

  it('do not depend on the order in which repeats of one commit arrive', () => {
    fc.assert(
      fc.property(start, fc.array(fc.tuple(fc.nat(3), number, variance), { minLength: 2, maxLength: 6 }), (means, repeats) => {
        const fold = (list: typeof repeats) =>
          list.reduce(
            (levels, [place, value, s2]) => {
              const slot = levels.slots[place % levels.slots.length] ?? '';
              return updateLevels(levels, slot, again(value - levelIn(levels, slot).m, s2));
            },
            startLevels(means, 1),
          );
        near(fold(repeats), fold(repeats.toReversed()));
      }),
    );
  });

  it('are the same whether slots are measured before the start or join later', () => {
    fc.assert(
      fc.property(start, (means) => {
        const [first, ...later] = means;
        if (first === undefined) return;
        const joined = later.reduce(
          (levels, { slot, hardware, m, v }) => {
            const added = addSlot(levels, { slot, hardware }, 1);
            if (added === null) return addClass(levels, { slot, hardware, m, v });
            return updateLevels(added, slot, again(m - levelIn(added, slot).m, v));
          },
          startLevels([first], 1),
        );
        near(joined, startLevels(means, 1));
      }),
    );
  });

  it('move together with a keep, and with what one of them shows of the others', () => {
    const levels = startLevels(
      [
        { slot: 'a', hardware: '', m: 10, v: 1 },
        { slot: 'b', hardware: '', m: 13, v: 1 },
      ],
      3,
    );
    const [a, b] = [levelIn(levels, 'a').m, levelIn(levels, 'b').m];
    expect(b - a).toBeGreaterThan(2);
    expect(b - a).toBeLessThan(3);
    const kept = updateLevels(levels, 'a', { d: -2, s2: 1, posterior: { E: -2, V: 0.5 }, kept: true });
    expect(levelIn(kept, 'b').m).toBeCloseTo(b - 2, 9);
    const lucky = updateLevels(levels, 'a', again(4, 1));
    expect(levelIn(lucky, 'a').m - a).toBeGreaterThan(levelIn(lucky, 'b').m - b);
    expect(levelIn(lucky, 'b').m).toBeGreaterThan(b);
  });

  it('of one class say nothing of another, but for a kept effect, which may be another there', () => {
    const levels = startLevels(
      [
        { slot: 'a', hardware: 'A', m: 10, v: 1 },
        { slot: 'b', hardware: 'B', m: 20, v: 1 },
      ],
      3,
    );
    expect(levels.mean).toEqual([10, 20]);
    expect(levelIn(updateLevels(levels, 'a', again(5, 1)), 'b')).toEqual({ m: 20, v: 1 });
    const kept = updateLevels(levels, 'a', { d: -4, s2: 1, posterior: { E: -4, V: 0.5 }, kept: true });
    expect(levelIn(kept, 'b').m).toBe(16);
    expect(levelIn(kept, 'b').v).toBeGreaterThan(1 + 0.5 + 4);
    expect(addSlot(levels, { slot: 'c', hardware: 'C' }, 1)).toBeNull();
  });

  it('keep what was learned of offsets when an audit goes back to an earlier commit', () => {
    const old = startLevels([{ slot: 'a', hardware: '', m: 10, v: 0.5 }], 1);
    const now = startLevels(
      [
        { slot: 'a', hardware: '', m: 4, v: 0.5 },
        { slot: 'b', hardware: '', m: 6, v: 0.5 },
      ],
      2,
    );
    const back = withOffsetsOf(old, now);
    expect(levelIn(back, 'a').m).toBeCloseTo(10, 9);
    expect(levelIn(back, 'a').v).toBeCloseTo(0.5, 9);
    expect(levelIn(back, 'b').m).toBeCloseTo(10 + levelIn(now, 'b').m - levelIn(now, 'a').m, 9);
    expect(isPossible(back)).toBe(true);
  });

  it('lose the ties of a slot that was found to be another', () => {
    const levels = startLevels(
      [
        { slot: 'a', hardware: '', m: 10, v: 1 },
        { slot: 'b', hardware: '', m: 10, v: 1 },
      ],
      1,
    );
    const replaced = replaceLevel(levels, 'a', { m: 30, v: 0.3 });
    expect(replaced.cov).toEqual([
      [0.3, 0],
      [0, levels.cov[1]?.[1]],
    ]);
    const moved = moveSlot(levels, 'a', { by: 20, v: 0.5 });
    expect(levelIn(moved, 'a').m).toBeCloseTo(levelIn(levels, 'a').m + 20, 9);
    expect(levelIn(moved, 'b')).toEqual(levelIn(levels, 'b'));
    expect(replaced.mean).toEqual([30, levels.mean[1]]);
    expect(levelIn(moved, 'a').v).toBeCloseTo(levelIn(levels, 'a').v + 0.5, 9);
    expect(moved.cov[0]?.[1]).toBe(levels.cov[0]?.[1]);
  });

  it('are doubted more one by one, and stay tied as they were', () => {
    const levels = {
      slots: ['a', 'b'],
      classes: ['', ''],
      mean: [1, 2],
      cov: [
        [4, 1],
        [1, 5],
      ],
    };
    expect(widen(levels, [0.5, 2])).toEqual({
      ...levels,
      cov: [
        [4.5, 1],
        [1, 7],
      ],
    });
  });

  it('of a commit from before have its mean over the slots that it had, however many these were', () => {
    const old = {
      slots: ['a', 'b'],
      classes: ['', ''],
      mean: [10, 14],
      cov: [
        [2, 1],
        [1, 4],
      ],
    };
    const now = {
      slots: ['a', 'b', 'c'],
      classes: ['', '', ''],
      mean: [1, 2, 6],
      cov: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    };
    const back = withOffsetsOf(old, now);
    // 12 over a and b; a and b are now 0.5 off their mean, c is 4.5 off it.
    expect(back.mean).toEqual([11.5, 12.5, 16.5]);
    // The variance of the old mean, (2 + 1 + 1 + 4) / 4, and of the difference between a and the mean of a and b.
    expect(levelIn(back, 'a').v).toBeCloseTo(2 + 0.5, 9);
    expect(levelIn(back, 'c').v).toBeCloseTo(2 + 1 + 0.5, 9);
    expect(back.cov[0]?.[1]).toBeCloseTo(2 - 0.5, 9);
  });

  it('that are known exactly stay, and say nothing of the others', () => {
    const levels = {
      slots: ['a', 'b'],
      classes: ['', ''],
      mean: [1, 2],
      cov: [
        [0, 0],
        [0, 3],
      ],
    };
    expect(updateLevels(levels, 'a', again(5, 0))).toEqual(levels);
    expect(updateLevels(levels, 'a', again(5, 1))).toEqual(levels);
    expect(() => levelIn(levels, 'c')).toThrow('a level is known of slots that were measured only, got c');
  });

  it('learn from a discarded change what it shows of the commit, the less the less is known of its effect', () => {
    const levels = {
      slots: ['a', 'b'],
      classes: ['', ''],
      mean: [0, 0],
      cov: [
        [2, 1],
        [1, 2],
      ],
    };
    const after = updateLevels(levels, 'a', { d: 1, s2: 2, posterior: { E: 0, V: 0.4 }, kept: false });
    // Half of what a shows is taken for its level, and half of that for that of b.
    expect(after.mean).toEqual([0.5, 0.25]);
    const [[aa = 0, ab = 0] = [], [, bb = 0] = []] = after.cov;
    expect([aa, ab, bb]).toEqual([1 + 0.1, 0.5 + 0.05, 2 - 0.25 + 0.025].map((each) => expect.closeTo(each, 9)));
  });
});

describe('the scale of slots', () => {
  const meansOf = (tau: number, n: number, seed: number, unit = 1): SlotMean[] => {
    const random = createNoise(seed, n);
    return Array.from({ length: n }, (_, i) => ({
      slot: `s${i}`,
      hardware: '',
      m: unit * (tau * random.normal() + random.normal() * Math.SQRT1_2),
      v: unit ** 2 / 2,
    }));
  };

  it.each([0, 1, 4, 30])('is learned: %d', (tau) => {
    const found = Array.from({ length: 20 }, (_, seed) => slotScale(meansOf(tau, 16, seed + 1), 1));
    const middle = found.toSorted((a, b) => a - b)[10] ?? NaN;
    expect(middle).toBeGreaterThan(0.7 * tau);
    expect(middle).toBeLessThan(1.4 * tau + 0.6);
  });

  it('goes with the unit of the scores, and is sigma where slots cannot be compared', () => {
    expect(slotScale(meansOf(1, 4, 3, 1e-3), 1e-3)).toBeCloseTo(1e-3 * slotScale(meansOf(1, 4, 3), 1), 9);
    expect(slotScale(meansOf(1, 1, 3), 2)).toBe(2);
    expect(
      slotScale(
        meansOf(1, 4, 3).map((mean, i) => ({ ...mean, hardware: `h${i}` })),
        2,
      ),
    ).toBe(2);
    expect(slotScale(meansOf(1, 4, 3), 0)).toBe(0);
  });

  it('can be learned of levels as well as of means', () => {
    const means = meansOf(3, 8, 5);
    const found = slotScale(contrastsOf(startLevels(means, 1e6)), 1);
    expect(found).toBeCloseTo(slotScale(means, 1), 0);
  });
});
