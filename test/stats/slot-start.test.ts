/** How levels in slots begin, in figures; test/stats/slot-levels.test.ts has what holds for all of them. */
import { describe, expect, it } from 'vitest';
import { addClass, addSlot, contrastsOf, slotScale, startLevels, type SlotLevels, type SlotMean } from '../../src/stats.ts';
import { integrate } from './numbers.ts';

const mean = (slot: string, m: number, v: number, hardware = ''): SlotMean => ({ slot, hardware, m, v });

describe('the scale of slots', () => {
  /** How likely the means are where slots are `tau` off each other, whatever the level of the commit. */
  const likelihood = (means: readonly SlotMean[], tau: number) =>
    integrate(
      (level) =>
        means.reduce((all, { m, v }) => {
          const variance = tau ** 2 + v;
          return (all * Math.exp(-((m - level) ** 2) / (2 * variance))) / Math.sqrt(2 * Math.PI * variance);
        }, 1),
      -200,
      200,
      4000,
    );
  /** The posterior mean over forty scales, evenly spaced in their logarithms. */
  const scaleOf = (classes: readonly (readonly SlotMean[])[], sigma: number, most: number) => {
    const scales = Array.from({ length: 40 }, (_, i) => 0.1 * sigma * (most / (0.1 * sigma)) ** (i / 39));
    // Half-Cauchy, times the scale because of the even steps in its logarithm.
    const weights = scales.map((tau) => classes.reduce((all, means) => all * likelihood(means, tau), tau / (1 + (tau / sigma) ** 2)));
    return scales.reduce((sum, tau, i) => sum + tau * (weights[i] ?? NaN), 0) / weights.reduce((a, b) => a + b, 0);
  };

  it('is its posterior mean: ten sigma at most, or three times what slots were seen to be apart', () => {
    const one = [mean('a', 0, 0.5), mean('b', 2, 0.5), mean('c', 5, 1)];
    expect(slotScale(one, 2)).toBeCloseTo(scaleOf([one], 2, 20), 6);
    expect(slotScale(one, 0.5)).toBeCloseTo(scaleOf([one], 0.5, 15), 6);
    const other = [mean('d', 40, 1, 'H100'), mean('e', 41, 1, 'H100')];
    const lone = mean('f', 99, 1, 'CPU');
    expect(slotScale([...one, ...other, lone], 1)).toBeCloseTo(scaleOf([one, other], 1, 15), 6);
  });

  it('is a number for hundreds of slots, of which the likelihood is none', () => {
    const many = Array.from({ length: 400 }, (_, i) => mean(`s${i}`, 1e-3 * (i % 2), 1e-7));
    const found = slotScale(many, 1e-3);
    expect(found).toBeGreaterThan(3e-4);
    expect(found).toBeLessThan(8e-4);
  });

  it('is sigma where no two can be compared, and 0 without noise', () => {
    expect([slotScale([], 3), slotScale([mean('a', 1, 1)], 3), slotScale([mean('a', 1, 1), mean('b', 2, 1, 'x')], 3)]).toEqual([3, 3, 3]);
    expect(slotScale([mean('a', 1, 0), mean('b', 2, 0)], 0)).toBe(0);
    expect(() => slotScale([], -1)).toThrow('sigma must be a finite number, 0 or more, got -1');
  });
});

describe('levels at the start', () => {
  it('are pulled together within a class, as far as the scale allows, and share what they are pulled to', () => {
    expect(startLevels([mean('a', 10, 1), mean('b', 14, 1), mean('c', 50, 2, 'x')], 1)).toEqual({
      slots: ['a', 'b', 'c'],
      classes: ['', '', 'x'],
      mean: [11, 13, 50],
      cov: [
        [0.75, 0.25, 0],
        [0.25, 0.75, 0],
        [0, 0, 2],
      ],
    });
  });

  it('count means by how sure they are', () => {
    // Weights 1 / (1 + 1) and 1 / (1 + 3): the centre is 12, with variance 4 / 3.
    const { mean: levels, cov } = startLevels([mean('a', 10, 1), mean('b', 16, 3)], 1);
    expect(levels).toEqual([11, 13].map((each) => expect.closeTo(each, 12)));
    expect(cov.flat()).toEqual([1 / 2 + 1 / 3, 1 / 2, 1 / 2, 3 / 4 + 3 / 4].map((each) => expect.closeTo(each, 12)));
  });

  it('of two classes say nothing of each other', () => {
    const { cov } = startLevels([mean('a', 10, 1), mean('c', 50, 1, 'x'), mean('b', 14, 1), mean('d', 54, 1, 'x')], 1);
    expect(cov).toEqual([
      [0.75, 0, 0.25, 0],
      [0, 0.75, 0, 0.25],
      [0.25, 0, 0.75, 0],
      [0, 0.25, 0, 0.75],
    ]);
  });

  it('are the means themselves without noise', () => {
    expect(startLevels([mean('a', 10, 0), mean('b', 14, 0)], 0)).toMatchObject({
      mean: [10, 14],
      cov: [
        [0, 0],
        [0, 0],
      ],
    });
  });

  it('need a measurement, and one mean of each slot', () => {
    expect(() => startLevels([], 1)).toThrow('levels need a measurement, got 0');
    expect(() => startLevels([mean('a', 1, 1), mean('a', 2, 1)], 1)).toThrow('a slot has one mean, got a,a');
  });
});

describe('a slot that joins', () => {
  const levels: SlotLevels = {
    slots: ['a', 'b', 'c'],
    classes: ['', '', 'x'],
    mean: [10, 14, 50],
    cov: [
      [2, 1, 0.5],
      [1, 4, 0.25],
      [0.5, 0.25, 3],
    ],
  };

  it('is as those of its class are on average, and as unsure as slots are apart', () => {
    expect(addSlot(levels, { slot: 'd', hardware: '' }, 3)).toEqual({
      slots: ['a', 'b', 'c', 'd'],
      classes: ['', '', 'x', ''],
      mean: [10, 14, 50, 12],
      cov: [
        [2, 1, 0.5, 1.5],
        [1, 4, 0.25, 2.5],
        [0.5, 0.25, 3, 0.375],
        [1.5, 2.5, 0.375, 2 + 9 * 1.5],
      ],
    });
  });

  it('changes nothing if it is there, and is nothing where none of its class was measured', () => {
    expect(addSlot(levels, { slot: 'a', hardware: '' }, 3)).toBe(levels);
    expect(addSlot(levels, { slot: 'd', hardware: 'y' }, 3)).toBeNull();
  });

  it('stands by itself as the first of a class', () => {
    const { classes, mean: means, cov } = addClass(levels, mean('d', 7, 0.5, 'y'));
    expect([classes.at(-1), means.at(-1), cov.at(-1), cov.map((row) => row.at(-1))]).toEqual(['y', 7, [0, 0, 0, 0.5], [0, 0, 0, 0.5]]);
  });

  it('can be told from its class by how far it is off the mean of that', () => {
    expect(contrastsOf(levels)).toEqual([mean('a', 10, 1), mean('b', 14, 1), mean('c', 50, 0, 'x')]);
    const exact: SlotLevels = {
      slots: ['a', 'b'],
      classes: ['', ''],
      mean: [1, 2],
      cov: [
        [0.1, 0.1 + 1e-17],
        [0.1, 0.1],
      ],
    };
    for (const { v } of contrastsOf(exact)) expect(v).toBeGreaterThanOrEqual(0);
  });
});
