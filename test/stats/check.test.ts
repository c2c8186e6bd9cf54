import { describe, expect, it } from 'vitest';
import { ensure, ensureFinite, ensureProbability, ensureVariance } from '../../src/stats/check.ts';

/** The values that are refused, each with the whole message. */
const refused = (check: (value: number) => void, values: readonly number[]) =>
  values.flatMap((value) => {
    try {
      check(value);
      return [];
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      return [(error as Error).message];
    }
  });

describe('what statistics refuse', () => {
  it('is named, with the value', () => {
    expect(() => ensure(true, 'it must hold', 1)).not.toThrow();
    expect(() => ensure(false, 'it must hold', undefined)).toThrow(new RangeError('it must hold, got undefined'));
  });

  it('are numbers without an end, anywhere in a list', () => {
    expect(() => ensureFinite([], 'scores')).not.toThrow();
    expect(refused((value) => ensureFinite([0, value, -1e308], 'scores'), [1, NaN, Infinity, -Infinity])).toEqual([
      'scores must be finite numbers, got NaN',
      'scores must be finite numbers, got Infinity',
      'scores must be finite numbers, got -Infinity',
    ]);
  });

  it('are variances below 0 or without an end, and probabilities at the ends', () => {
    const values = [-Infinity, -1e-300, 0, 1e-300, 0.5, 1 - 1e-16, 1, 2, Infinity, NaN];
    const message = (text: string, list: readonly number[]) => list.map((value) => `${text}, got ${value}`);
    expect(refused((value) => ensureVariance(value, 'V'), values)).toEqual(
      message('V must be a finite number, 0 or more', [-Infinity, -1e-300, Infinity, NaN]),
    );
    expect(refused((value) => ensureProbability(value, 'alpha'), values)).toEqual(
      message('alpha must be between 0 and 1', [-Infinity, -1e-300, 0, 1, 2, Infinity, NaN]),
    );
  });
});
