import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { find, locate, toPlain, withoutNulls, type Located } from '../../src/config/located.ts';
import { merge, setAt } from '../../src/config/merge.ts';

const from = (value: unknown, name = 'x'): Located => locate(value, { file: null, name, text: '' });
const merged = (base: unknown, over: unknown): unknown => toPlain(withoutNulls(merge(from(base, 'base'), from(over, 'over'))));

const key = fc.constantFrom('a', 'b', 'c', 'use', 'with');
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.nat(9),
    fc.constantFrom('x', 'y'),
    fc.array(fc.nat(9), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { noNullPrototype: true }),
  ),
})).value;
const map = fc.dictionary(key, value, { noNullPrototype: true });

describe('merge', () => {
  test('maps merge, lists and scalars replace, null removes', () => {
    expect(merged({ a: { b: 1, c: 2 }, l: [1, 2], n: 1 }, { a: { c: 3 }, l: [9], n: null })).toEqual({ a: { b: 1, c: 3 }, l: [9] });
    expect(merged({ a: 1 }, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
    expect(merged({ a: { b: 1 } }, { a: [1] })).toEqual({ a: [1] });
  });

  test('another plugin does not get the options of the one it replaces', () => {
    const base = { use: 'single', with: { metric: 'a' }, timeout: '1m' };
    expect(merged(base, { use: 'other' })).toEqual({ use: 'other', timeout: '1m' });
    expect(merged(base, { use: 'single', with: { x: 1 } })).toEqual({ use: 'single', with: { metric: 'a', x: 1 }, timeout: '1m' });
    expect(merged(base, { with: { metric: 'b' } })).toEqual({ use: 'single', with: { metric: 'b' }, timeout: '1m' });
  });

  test('every value keeps the origin of the layer that said it', () => {
    const result = merge(from({ a: { b: 1, c: 2 } }, 'base'), from({ a: { c: 3 } }, 'over'));
    expect(find(result, ['a', 'b'])?.origin.source.name).toBe('base');
    expect(find(result, ['a', 'c'])?.origin.source.name).toBe('over');
    expect(find(result, ['a'])?.origin.source.name).toBe('over');
  });

  test('laws: nothing on top and nothing below change nothing, the same twice is the same once, the top wins', () => {
    fc.assert(
      fc.property(map, map, (base, over) => {
        expect(merged(base, {})).toEqual(base);
        expect(merged({}, over)).toEqual(over);
        expect(merged(base, base)).toEqual(base);
        const once = merged(base, over);
        expect(merged(once, over)).toEqual(once);
        for (const [name, top] of Object.entries(over)) {
          if (typeof top !== 'object' || Array.isArray(top)) expect(once).toHaveProperty([name], top);
        }
      }),
    );
  });
});

describe('setAt', () => {
  const set = (base: unknown, path: (string | number)[], to: unknown): unknown => {
    const result = setAt(from(base), path, from(to, '--set'));
    return result && toPlain(result);
  };

  test('sets and adds, in maps and lists', () => {
    expect(set({ a: { b: 1 } }, ['a', 'b'], 2)).toEqual({ a: { b: 2 } });
    expect(set({}, ['a', 'b', 'c'], 2)).toEqual({ a: { b: { c: 2 } } });
    expect(set({ g: [{ use: 'x' }, 2] }, ['g', 0, 'use'], 'y')).toEqual({ g: [{ use: 'y' }, 2] });
    expect(set({ g: [1] }, ['g', 1], 2)).toEqual({ g: [1, 2] });
  });

  test.each([
    [{ a: 1 }, ['a', 'b']],
    [{ g: [1] }, ['g', 2]],
    [{ g: [1] }, ['g', 'x']],
    [{ a: {} }, ['a', 0]],
  ])('cannot go where the config has no such place: %j %j', (base, path) => {
    expect(set(base, path, 1)).toBeNull();
  });

  test('the set value is found where it was set, and the rest is as before', () => {
    fc.assert(
      fc.property(map, fc.array(key, { minLength: 1, maxLength: 3 }), (base, path) => {
        const result = setAt(from(base), path, from('new', '--set'));
        fc.pre(result !== null);
        expect(find(result, path)?.origin.source.name).toBe('--set');
        for (const [name, inner] of Object.entries(base)) if (name !== path[0]) expect(toPlain(result)).toHaveProperty([name], inner);
      }),
    );
  });
});
