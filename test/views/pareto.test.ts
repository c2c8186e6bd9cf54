import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Direction } from '../../src/experiment.ts';
import { makeSummary } from '../../src/testing.ts';
import { paretoFront } from '../../src/views/pareto.ts';

const METRICS = [
  { metric: 'loss', direction: 'minimize' },
  { metric: 'speed', direction: 'maximize' },
] as const;

const row = (id: number, loss: number, speed: number, partial: Parameters<typeof makeSummary>[0] = {}) =>
  makeSummary({ id, metrics: { loss, speed }, ...partial });
const idsOf = (rows: Parameters<typeof paretoFront>[0]) => paretoFront(rows, METRICS).map((found) => Reflect.get(found, 'id') as number);

describe('paretoFront', () => {
  it('holds the compromises, the best in the first metric first, whatever their verdict', () => {
    const rows = [
      row(0, 3, 3, { verdict: 'keep' }),
      row(1, 2, 5, { verdict: 'discard' }),
      row(2, 1, 4, { verdict: 'keep' }),
      row(3, 4, 9, { verdict: 'review' }),
      row(4, 4, 8),
    ];
    expect(idsOf(rows)).toEqual([2, 1, 3]);
  });

  it('leaves out crashes, controls and rows without one of the metrics', () => {
    const rows = [
      row(1, 1, 1, { verdict: 'crash' }),
      row(2, 1, 1, { kind: 'control' }),
      makeSummary({ id: 3, metrics: { loss: 0 } }),
      row(4, Number.NaN, 9),
      row(5, 2, 1),
    ];
    expect(idsOf(rows)).toEqual([5]);
    expect(idsOf([])).toEqual([]);
  });

  it('holds the earliest of equal ones', () => {
    expect(idsOf([row(1, 1, 1), row(2, 1, 1), row(3, 1, 1)])).toEqual([1]);
  });

  // Few different values, so that ties are common.
  const value = fc.integer({ min: 0, max: 6 });
  const rowsOf = fc
    .array(fc.tuple(value, value, value), { maxLength: 30 })
    .map((points) => points.map(([a, b, c], id) => makeSummary({ id, metrics: { a, b, c } })));
  const directions = fc.tuple(
    ...['a', 'b', 'c'].map((metric) => fc.constantFrom<Direction>('minimize', 'maximize').map((direction) => ({ metric, direction }))),
  );
  const signed = (metrics: Readonly<Record<string, number>>, { metric, direction }: { metric: string; direction: Direction }) =>
    (metrics[metric] ?? 0) * (direction === 'minimize' ? 1 : -1);

  it('property: it is what comparing all with all gives', () => {
    fc.assert(
      fc.property(rowsOf, directions, (rows, metrics) => {
        const covers = (a: (typeof rows)[number], b: (typeof rows)[number]) =>
          metrics.every((metric) => signed(a.metrics, metric) <= signed(b.metrics, metric));
        const isBeaten = (one: (typeof rows)[number]) =>
          rows.some((other) => covers(other, one) && (!covers(one, other) || other.id < one.id));
        const expected = rows.filter((one) => !isBeaten(one)).map(({ id }) => id);
        expect(
          paretoFront(rows, metrics)
            .map(({ id }) => id)
            .toSorted((x, y) => x - y),
        ).toEqual(expected);
      }),
    );
  });

  it('property: mirrored values and directions give the same rows', () => {
    fc.assert(
      fc.property(rowsOf, directions, (rows, metrics) => {
        const negated = rows.map(({ metrics: { a = 0, b = 0, c = 0 }, id }) => makeSummary({ id, metrics: { a: -a, b: -b, c: -c } }));
        const turned = metrics.map(({ metric, direction }) => ({
          metric,
          direction: direction === 'minimize' ? ('maximize' as const) : ('minimize' as const),
        }));
        expect(paretoFront(negated, turned).map(({ id }) => id)).toEqual(paretoFront(rows, metrics).map(({ id }) => id));
      }),
    );
  });
});
