import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SortedList } from '../../src/swarm/sorted-list.ts';

interface Item {
  readonly key: number;
  readonly nr: number;
}

const byKey = (a: Item, b: Item) => a.key - b.key;
const batches = fc
  .array(fc.array(fc.nat(9), { maxLength: 6 }), { maxLength: 10 })
  .map((all) => all.map((keys, i) => keys.map((key, j) => ({ key, nr: 100 * i + j }))));

it('is what sorting all of it gives, whenever it is asked', () => {
  fc.assert(
    fc.property(batches, fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }), (all, asked) => {
      const list = new SortedList(byKey);
      const added: Item[] = [];
      for (const [i, batch] of all.entries()) {
        list.add(batch);
        added.push(...batch);
        // What is equal stays in the order in which it came.
        if (asked[i]) expect(list.items).toEqual(added.toSorted(byKey));
      }
      expect(list.items).toEqual(added.toSorted(byKey));
    }),
  );
});

it('is the same array as long as nothing is added, and another one after', () => {
  const list = new SortedList(byKey);
  list.add([{ key: 2, nr: 0 }]);
  const before = list.items;
  expect(list.items).toBe(before);
  list.add([]);
  expect(list.items).toBe(before);
  list.add([{ key: 1, nr: 1 }]);
  expect(list.items).not.toBe(before);
  expect(before).toEqual([{ key: 2, nr: 0 }]);
});

it('compares what comes at the end with little of what is there', () => {
  let compared = 0;
  const list = new SortedList<number>((a, b) => {
    compared++;
    return a - b;
  });
  list.add(Array.from({ length: 1000 }, (_, i) => i));
  expect(list.items).toHaveLength(1000);
  compared = 0;
  list.add([997.5]);
  expect(list.items.slice(-4)).toEqual([997, 997.5, 998, 999]);
  expect(compared).toBeLessThan(10);
});

it('is empty once it is cleared, with what was not looked at yet', () => {
  const list = new SortedList(byKey);
  list.add([{ key: 1, nr: 0 }]);
  expect(list.items).toHaveLength(1);
  list.add([{ key: 2, nr: 1 }]);
  list.clear();
  expect(list.items).toEqual([]);
});
