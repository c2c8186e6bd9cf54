import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSummary } from '../../src/testing.ts';
import { domainOf, rangeOf } from '../../page/chart/scale.ts';

const score = fc.oneof(fc.double({ min: -1e100, max: 1e100, noNaN: true }), fc.constantFrom(0, 5e-324, 1, 1 + Number.EPSILON, 1e-12));
const row = fc.record({ score, verdict: fc.constantFrom('keep' as const, 'discard' as const) }).map((partial) => makeSummary(partial));

describe('the y axis', () => {
  it('always holds every keep and has room around it', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const { low, high } = domainOf(rows);
        expect(high).toBeGreaterThan(low);
        for (const { verdict, score: value } of rows)
          if (verdict === 'keep' && value !== null) expect(value >= low && value <= high).toBe(true);
      }),
    );
  });

  it('leaves out a far-off discard, and keeps the near ones', () => {
    const rows = [1, 0.98, 0.97].map((value) => makeSummary({ verdict: 'keep', score: value }));
    const near = [1.01, 0.99, 0.985].map((value) => makeSummary({ score: value }));
    const { low, high } = domainOf([...rows, ...near, makeSummary({ score: 55 })]);
    expect([low < 0.97, high > 1.01, high < 1.1]).toEqual([true, true, true]);
  });
});

it('the y axis shows what was gained, although most of what was tried is far worse', () => {
  const keeps = [8.6, 6.4, 5, 4.2, 3.4].map((value) => makeSummary({ verdict: 'keep', score: value }));
  const bad = Array.from({ length: 200 }, (_, at) => makeSummary({ score: at % 2 === 0 ? 3.4 + at / 20 : at }));
  const { low, high } = domainOf([...keeps, ...bad]);
  expect((8.6 - 3.4) / (high - low)).toBeGreaterThan(0.2);
});

describe('the x axis', () => {
  it('ends after the audit of the last experiment, before the number of one that is not there', () => {
    fc.assert(
      fc.property(fc.nat(100_000), (lastId) => {
        const [from, to] = rangeOf(lastId);
        expect(from).toBeLessThan(0);
        expect(to).toBeGreaterThan(lastId + 0.5);
        // Only a short axis has a tick at each number.
        if (lastId < 40) expect(to).toBeLessThan(lastId + 1);
      }),
    );
  });
});
