import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf, Reservations, type Reservation } from '../../src/swarm/reservations.ts';

const HOUR = 3_600_000;
const key = (n: number) => n.toString(16).padStart(16, '0');
const by = (node: string, n: number): Reservation => ({ node, key: key(n), title: `try ${n}` });
const never = () => false;

describe('a reservation', () => {
  it('is of the first of those that want the same, until its node has measured it', () => {
    let isOver = false;
    const known = new Reservations(HOUR, () => isOver);
    known.saw(0, [by('b', 1), by('c', 1), by('c', 2)]);
    expect([known.holderOf(key(1))?.node, known.holderOf(key(2))?.node, known.holderOf(key(3))]).toEqual(['b', 'c', null]);
    isOver = true;
    expect([known.holderOf(key(1)), known.standing]).toEqual([null, []]);
  });

  it('is in one list only, so that there is one order', () => {
    const known = new Reservations(HOUR, never);
    const last = { ...by('b', 0), key: `f${'0'.repeat(15)}` };
    expect(placeOf(last.key)).toBe(7);
    known.saw(6, [last]);
    expect(known.holderOf(last.key)).toBeNull();
    known.saw(7, [last]);
    expect(known.holderOf(last.key)).toEqual(last);
  });

  it('counts for the last ones of a node only', () => {
    const known = new Reservations(HOUR, never);
    known.saw(0, [by('c', 100), ...Array.from({ length: 50 }, (_, n) => by('b', n))]);
    expect(known.standing.map((one) => Number.parseInt(one.key, 16))).toEqual([100, 46, 47, 48, 49]);
  });
});

/** What is in a list at a moment, as anybody can bring it about. */
const moments = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: HOUR }),
    entries: fc.array(fc.record({ node: fc.constantFrom('b', 'c', 'd'), n: fc.nat(6) }), { maxLength: 30 }),
  }),
  { maxLength: 20 },
);

it('whatever is in the lists and however often it changes, no change is left to others for longer than that', () => {
  fc.assert(
    fc.property(moments, (all) => {
      let now = 0;
      const known = new Reservations(HOUR, never, () => now);
      const first = new Map<string, number>();
      for (const { after, entries } of all) {
        now += after;
        known.saw(0, entries.map(({ node, n }) => by(node, n))); // prettier-ignore
        for (let n = 0; n <= 6; n++) {
          const holder = known.holderOf(key(n));
          if (holder === null) continue;
          if (!first.has(holder.key)) first.set(holder.key, now);
          expect(now - (first.get(holder.key) ?? 0)).toBeLessThan(HOUR);
        }
      }
    }),
  );
});
