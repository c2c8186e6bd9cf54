import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemsOf, toParameters, type Ordered, type ParameterOptions } from './parameter.ts';
import { createRandom } from './random.ts';
import { fromUnit, toUnit } from './space.ts';

const bounds = fc.tuple(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), fc.double({ min: 1.5, max: 1e6, noNaN: true }));
const ordered = fc
  .record({ bounds, isInteger: fc.boolean(), isLog: fc.boolean() })
  .map(({ bounds: [low, factor], isInteger, isLog }): Ordered => ({
    key: 'x',
    file: 'a.py',
    name: 'x',
    kind: 'ordered',
    isInteger,
    isLog,
    low: isInteger ? Math.ceil(low) : low,
    high: isInteger ? Math.ceil(low) + Math.ceil(factor) : low * factor,
  }));

describe('the space of a parameter', () => {
  it('only has values between its bounds, whole ones for an int', () => {
    fc.assert(
      fc.property(ordered, fc.double({ min: -2, max: 3, noNaN: true }), (parameter, unit) => {
        const value = fromUnit(parameter, unit);
        expect(value).toBeGreaterThanOrEqual(parameter.low);
        expect(value).toBeLessThanOrEqual(parameter.high);
        if (parameter.isInteger) expect(Number.isInteger(value)).toBe(true);
      }),
    );
  });

  it('comes back to the same value, but for rounding', () => {
    fc.assert(
      fc.property(ordered, fc.double({ min: 0, max: 1, noNaN: true }), (parameter, unit) => {
        const value = fromUnit(parameter, unit);
        const again = fromUnit(parameter, toUnit(parameter, value));
        expect(Math.abs(again - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-3);
      }),
    );
  });

  it('puts a value outside the range at its edge', () => {
    const [parameter] = toParameters([{ file: 'a', name: 'x', type: 'float', range: [0.1, 10], scale: 'log' }]);
    expect(parameter?.kind === 'ordered' && [toUnit(parameter, 99), toUnit(parameter, 0), toUnit(parameter, 1)]).toEqual([1, 0, 0.5]);
  });
});

describe('problemsOf', () => {
  const base = { file: 'a.py', name: 'x', scale: 'linear' } as const;
  it.each<[Partial<ParameterOptions>, string]>([
    [{ type: 'float' }, 'needs a range'],
    [{ type: 'float', range: [2, 1] }, 'is empty'],
    [{ type: 'float', range: [0, 1], scale: 'log' }, 'above 0'],
    [{ type: 'int', range: [0.5, 3] }, 'whole numbers'],
    [{ type: 'int', range: [1, 3], values: [1, 2] }, 'go with type choice'],
    [{ type: 'choice' }, 'needs values'],
    [{ type: 'choice', values: ['a', 'a'] }, 'two different'],
    [{ type: 'choice', values: ['a', 'b'], range: [1, 2] }, 'go with numbers'],
    [{ type: 'bool', values: [true, false] }, 'no values'],
  ])('%j: %s', (options, problem) => {
    expect(problemsOf([{ type: 'float', ...base, ...options }]).join()).toContain(problem);
  });

  it('finds a parameter that is listed twice, and tells same names in two files apart', () => {
    const one: ParameterOptions = { ...base, type: 'float', range: [0, 1] };
    expect(problemsOf([one, one]).join()).toContain('listed twice');
    expect(toParameters([one, { ...one, file: 'b.py' }]).map(({ key }) => key)).toEqual(['a.py:x', 'b.py:x']);
  });
});

describe('createRandom', () => {
  it('gives the same numbers for the same seeds, others for others', () => {
    const draw = (...seeds: number[]) => {
      const random = createRandom(...seeds);
      return [random.next(), random.next(), random.normal()];
    };
    expect(draw(1, 0)).toEqual(draw(1, 0));
    expect(draw(1, 0)).not.toEqual(draw(1, 1));
    expect(draw(1, 0)).not.toEqual(draw(2, 0));
  });

  it('is spread evenly', () => {
    const random = createRandom(3);
    const values = Array.from({ length: 4000 }, () => random.next());
    expect(values.reduce((sum, value) => sum + value, 0) / 4000).toBeCloseTo(0.5, 1);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  });
});
