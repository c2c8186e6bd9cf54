import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KINDS, SORTS } from '../../page/data/address.ts';
import { kindOf, ListView, type ListQuery } from '../../page/data/list-view.ts';
import type { PageRow } from '../../src/page/model.ts';
import { rows, type Draft } from './page-rows.ts';

const query: fc.Arbitrary<ListQuery> = fc.record({
  search: fc.constantFrom('', 'a', '#3', 'nothing like it'),
  kinds: fc.subarray([...KINDS]),
  sort: fc.constantFrom(...SORTS),
  isUp: fc.boolean(),
});

describe('the list', () => {
  it('kept up to date row by row is the list made at once', () => {
    fc.assert(
      fc.property(rows, query, fc.infiniteStream(fc.integer({ min: 1, max: 7 })), (all, asked, sizes) => {
        const known: (PageRow | undefined)[] = [];
        const rowOf = (id: number) => known[id];
        const view = new ListView(rowOf, asked, []);
        for (let at = 0; at < all.length;) {
          const batch = all.slice(at, at + sizes.next().value);
          at += batch.length;
          for (const row of batch) known[row.id] = row;
          view.update(
            batch.map(({ id }) => id),
            true,
          );
        }
        const whole = new ListView(rowOf, asked, [...known.keys()]);
        expect(view.ids).toEqual(whole.ids);
        // A decision or a rollback changes rows that are there.
        const changed = all.filter(({ id }) => id % 3 === 0).map((row): Draft => ({ ...row, undone: true, title: `${row.title}a` }));
        for (const row of changed) known[row.id] = row;
        view.update(
          changed.map(({ id }) => id),
          false,
        );
        expect(view.ids).toEqual(new ListView(rowOf, asked, [...known.keys()]).ids);
      }),
    );
  });

  it('shows only what was asked for, each once, and what has no value last', () => {
    fc.assert(
      fc.property(rows, query, (all, asked) => {
        const byId = new Map(all.map((row) => [row.id, row]));
        const { ids } = new ListView((id) => byId.get(id), asked, [...byId.keys()]);
        expect(new Set(ids).size).toBe(ids.length);
        const shown = ids.flatMap((id) => byId.get(id) ?? []);
        if (asked.kinds.length > 0) expect(shown.every((row) => asked.kinds.includes(kindOf(row)))).toBe(true);
        if (asked.sort !== 'id') {
          const has = shown.map((row) => row[asked.sort] !== undefined);
          expect(has).toEqual(has.toSorted((a, b) => Number(b) - Number(a)));
        }
      }),
    );
  });
});
