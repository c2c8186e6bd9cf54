import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KINDS, readAddress, SORTS, START, TABS, writeAddress, type ViewState } from '../../page/data/address.ts';

const id = fc.nat(999_999);
const view: fc.Arbitrary<ViewState> = fc.record({
  tab: fc.option(fc.constantFrom(...TABS)),
  open: fc.option(id),
  compare: fc.option(fc.record({ run: fc.option(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)), id: fc.option(id) })),
  search: fc.string({ unit: 'binary', maxLength: 100 }).map((text) => text.toWellFormed()),
  kinds: fc.subarray([...KINDS]),
  sort: fc.constantFrom(...SORTS),
  isUp: fc.boolean(),
  zoom: fc.option(fc.tuple(id, fc.nat(1000)).map(([from, more]): readonly [number, number] => [from, from + more + 1])),
});

it('what the address bar holds is what was shown', () => {
  fc.assert(
    fc.property(view, (state) => {
      expect(readAddress(writeAddress(state))).toEqual(state);
    }),
  );
  expect(writeAddress(START)).toBe('');
});

it('an address that means nothing shows the start', () => {
  fc.assert(
    fc.property(fc.string(), (hash) => {
      const state = readAddress(`#x=${hash}`);
      expect(state).toEqual(START);
    }),
  );
  for (const hash of ['#open=-1&vs=1e9&zoom=9-3&tab=evil&sort=__proto__&only=constructor', '#zoom=1', '#open=99999999999'])
    expect(readAddress(hash)).toEqual({ ...START, ...(hash.includes('sort') && { isUp: true }) });
});
