/** The views of a list that grows: arrays in all that can be read, and in nothing that can be written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrowingList } from '../../src/model/growing-list.ts';

type List = readonly number[];

/** A view of these items, of a list that holds more by now. */
function viewOf(items: List, later: List = [91, 92]): List {
  const list = new GrowingList<number>();
  for (const item of items) list.add(item);
  const { view } = list;
  for (const item of later) list.add(item);
  return view;
}

/** What a callback is given, call by call, and what comes of it. */
function callsOf(list: List, method: 'find' | 'findIndex' | 'findLast' | 'findLastIndex' | 'some' | 'filter' | 'map', wanted: number) {
  const calls: unknown[] = [];
  const visit = (item: number, place: number, whole: List) => (calls.push([item, place, whole === list]), item === wanted);
  const result = (list as unknown as Record<string, (test: typeof visit) => unknown>)[method]?.(visit);
  return [result, calls];
}

const READS: readonly ((list: List) => unknown)[] = [
  (list) => [list.length, list[0], list[1], list[7], list.at(-1), list.at(9), Object.keys(list), 0 in list, 5 in list],
  (list) => ['01', '-1', '1.5', '1e0', ' 1', '', '4294967295'].map((key) => [Reflect.get(list, key), key in list]),
  (list) => ['length', 'map', 'toString', Symbol.iterator, Symbol.unscopables, 'nothing'].map((key) => key in list),
  (list) => [
    Reflect.ownKeys(list),
    Object.hasOwn(list, 0),
    Object.hasOwn(list, 6),
    Object.hasOwn(list, 'length'),
    Object.hasOwn(list, 'map'),
  ],
  (list) =>
    Object.entries(Object.getOwnPropertyDescriptors(list)).map(([key, { value, enumerable }]) => [key, value as unknown, enumerable]),
  (list) => [list.slice(), list.slice(1), list.slice(-2, -1), list.slice(0, 99), list.slice(2, 1), list.concat([1]), list.with?.length],
  (list) => [-9, -1.5, -1, -0.5, 0.5, 1.5, 4.5, NaN, Infinity, -Infinity].map((at) => [list.slice(at), list.slice(0, at)]),
  (list) => [list.flatMap((x) => [x, x]), list.toReversed(), list.toSorted((a, b) => b - a), list.toSpliced(0, 1)],
  (list) => [0, 2, 5].flatMap((x) => (['find', 'findIndex', 'findLast', 'findLastIndex'] as const).map((name) => callsOf(list, name, x))),
  (list) => [0, 2, 5].flatMap((x) => (['some', 'filter', 'map'] as const).map((name) => callsOf(list, name, x))),
  (list) => [list.every((x) => x > 4), list.includes(3), list.indexOf(3), list.lastIndexOf(3), list.join('-')],
  (list) => [list.reduce((sum, x) => sum + x, 0), list.reduceRight((all, x) => `${all}${x}`, '')],
  (list) => [[...list], [...list.values()], [...list.entries()], [...list.keys()]],
  (list) => [JSON.stringify(list), Array.isArray(list), Object.prototype.toString.call(list), Array.from(list), Object.entries(list)],
];

const items = fc.array(fc.nat(5), { maxLength: 6 });

describe('a view of a list that grows', () => {
  it('is an array in all that can be read, and stays as it was', () => {
    fc.assert(
      fc.property(items, fc.array(fc.nat(5), { maxLength: 4 }), (first, later) => {
        const view = viewOf(first, later);
        for (const read of READS) expect(read(view)).toEqual(read(first));
      }),
      { numRuns: 30 },
    );
  });

  it('is the same after it was frozen, which everything is that plugins see', () => {
    fc.assert(
      fc.property(items, (first) => {
        const view = viewOf(first);
        expect(Object.isFrozen(view)).toBe(false);
        expect(Object.freeze(view)).toBe(view);
        Object.freeze(view);
        expect(Object.isFrozen(view)).toBe(true);
        for (const read of READS) expect(read(view)).toEqual(read(first));
      }),
      { numRuns: 30 },
    );
  });

  it('refuses every way to write, before it was frozen and after', () => {
    for (const isFrozen of [false, true]) {
      const view = viewOf([1, 2, 3]);
      if (isFrozen) Object.freeze(view);
      const writes: readonly (() => unknown)[] = [
        () => Object.assign(view, { 0: 9 }),
        () => Object.assign(view, { 3: 9 }),
        () => Object.assign(view, { length: 0 }),
        () => Object.defineProperty(view, 0, { value: 9 }),
        () => Object.defineProperty(view, 'more', { value: 9 }),
        () => Reflect.deleteProperty(view, 0),
        () => (view as number[]).push(9),
        () => (view as number[]).sort((a, b) => b - a),
      ];
      for (const write of writes.slice(0, 3)) expect(write).toThrow('what a run has done cannot be changed');
      for (const write of writes) expect(write).toThrow(TypeError);
      expect([...view]).toEqual([1, 2, 3]);
    }
  });

  it('is one as long as nothing is added, and then another one', () => {
    const list = new GrowingList<number>();
    const { view } = list;
    expect(list.view).toBe(view);
    list.add(1);
    expect([list.view, list.items, view]).toEqual([[1], [1], []]);
    expect(list.view).not.toBe(view);
  });

  it('costs the same however long the list is: a hundred thousand items are touched by nothing', () => {
    let read = 0;
    const list = new GrowingList<object>();
    /** Counts who looks at an item. */
    const item = () =>
      new Proxy({}, { get: () => ++read, ownKeys: () => (read++, []), getOwnPropertyDescriptor: () => (read++, undefined) });
    const isSame: boolean[] = [];
    for (let n = 1; n <= 100_000; n++) {
      const one = item();
      list.add(one);
      const { view } = list;
      if (n % 10_000 === 0) isSame.push(view.length === n && view.at(-1) === one && view === list.view);
    }
    expect([read, isSame.every(Boolean)]).toEqual([0, true]);
  });
});
