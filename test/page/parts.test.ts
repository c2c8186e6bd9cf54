import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Marks } from '../../page/chart/marks.ts';
import { kindOf } from '../../page/data/list-view.ts';
import { linesOf } from '../../page/detail/diff-lines.ts';
import { highlight } from '../../page/detail/highlight.ts';
import { progressText } from '../../page/parts/format.ts';
import { scrollTo, windowOf } from '../../page/list/window.ts';
import { cleanTexts } from '../../src/page/clean.ts';
import { importanceOf, parametersOf } from '../../src/page/parameters.ts';
import type { PageRow, ParameterPath } from '../../src/page/model.ts';
import { makeExperiment, makeSummary } from '../../src/testing.ts';
import { sampleDiff } from '../views/synthetic.ts';
import { rows } from './page-rows.ts';
import { detailsOf } from './report-of.ts';

it('the bar says what is done and what is left', () => {
  const used = { experiments: 3, seconds: 28, usd: 0 };
  const forecast = { limit: 'experiments' as const, experiments: 57, seconds: 399, at: null };
  expect(progressText({ used, forecast, budget: { experiments: 60 } })).toBe('3 of 60, about 6m 39s left');
  expect(progressText({ used, forecast: null, budget: {} })).toBe('3');
});

describe('the dots of the chart', () => {
  it('are all rows of a short run', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const marks = new Marks();
        for (const row of all) marks.add(row);
        expect(
          marks
            .rows()
            .map(({ id }) => id)
            .toSorted((a, b) => a - b),
        ).toEqual(all.map(({ id }) => id).toSorted((a, b) => a - b));
      }),
    );
  });

  it('stay few in a run of any length, with each keep, each parked one, the best and the worst', () => {
    const marks = new Marks();
    const all = Array.from({ length: 100_000 }, (_, id): PageRow => {
      const verdict = id % 500 === 0 ? 'keep' : id % 999 === 0 ? 'review' : id % 10 === 0 ? 'crash' : 'discard';
      return {
        id,
        kind: 'change',
        verdict,
        code: '',
        title: '',
        agent: '',
        seconds: 1,
        ...(verdict !== 'crash' && { score: Math.sin(id) + id / 1e6 }),
      };
    });
    for (const row of all) marks.add(row);
    const drawn = marks.rows();
    expect(drawn.length).toBeLessThan(6000);
    for (const kind of ['keep', 'review'])
      expect(drawn.filter((row) => kindOf(row) === kind)).toHaveLength(all.filter((row) => kindOf(row) === kind).length);
    const scores = (list: readonly PageRow[]) => list.flatMap(({ score }) => score ?? []);
    const most = (list: readonly PageRow[]) => scores(list).reduce((high, score) => Math.max(high, score), -Infinity);
    expect(most(drawn)).toBe(most(all));
    const part = Marks.between((id) => all[id], 500, 700).rows();
    expect(part).toHaveLength(201);
  });
});

describe('the window of a long list', () => {
  it('holds what is seen, and is never outside the list', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 3000 }), fc.constantFrom(34, 58), fc.nat(100_000), (top, height, row, count) => {
        const { first, end } = windowOf(top, height, row, count);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(count);
        expect(end - first).toBeLessThan(height / row + 20);
        for (const seen of [Math.floor(top / row), Math.floor((top + height - 1) / row)])
          if (seen < count) expect(first <= seen && seen < end).toBe(true);
      }),
    );
  });

  it('is scrolled just so far that a row is seen whole', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(100_000), fc.integer({ min: 60, max: 2000 }), (index, top, height) => {
        const moved = scrollTo(index, top, height, 34);
        expect(index * 34).toBeGreaterThanOrEqual(moved);
        expect((index + 1) * 34).toBeLessThanOrEqual(moved + height);
      }),
    );
  });
});

describe('the diff', () => {
  it('has all of its lines but those that only repeat the name', () => {
    expect(linesOf(sampleDiff.trimEnd()).map(({ kind }) => kind)).toEqual([
      'file',
      'hunk',
      'same',
      'removed',
      'added',
      'added',
      'same',
      'same',
    ]);
    expect(linesOf(sampleDiff)[0]?.text).toBe('train.py');
    // Lines of a change that look like the head of a file.
    expect(linesOf('@@ -1 +1 @@\n--- a\n+++ b').map(({ kind }) => kind)).toEqual(['hunk', 'removed', 'added']);
  });

  it('loses no character to its colours, whatever the line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        expect(
          highlight(line)
            .map(({ text }) => text)
            .join(''),
        ).toBe(line);
      }),
    );
    const kinds = (line: string) => highlight(line).flatMap(({ text, kind }) => (kind === null ? [] : [`${kind} ${text}`]));
    expect(kinds("if lr == 0.5:  # it's slow")).toEqual(['word if', 'number 0.5', "comment # it's slow"]);
    expect(kinds(`const url = "http://a";`)).toEqual(['word const', 'string "http://a"']);
  });
});

it('no text hides or reverses what stands there, at any depth', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      // eslint-disable-next-line no-control-regex
      expect(JSON.stringify(cleanTexts({ a: [value, 'x\u202ey\u0007\r\nz'] }))).not.toMatch(/[\u0000-\u0009\u202a-\u202e]|\\u00[01]/);
    }),
  );
});

describe('the importance of a parameter', () => {
  const points = (of: (at: number) => readonly [string | number, number]): ParameterPath['points'] =>
    Array.from({ length: 200 }, (_, at) => [at, ...of(at), false] as const);

  it('is near 1 where the value decides, near 0 where it does not, and unknown with too few', () => {
    expect(importanceOf(points((at) => [at % 10, at % 10]))).toBeGreaterThan(0.9);
    expect(importanceOf(points((at) => [['a', 'b'][at % 2] ?? '', at % 2]))).toBe(1);
    expect(importanceOf(points((at) => [at % 10, Math.sin(at * 997)]))).toBeLessThan(0.1);
    expect(importanceOf(points((at) => [1, at]))).toBeNull();
    expect(importanceOf(points((at) => [at, at]).slice(0, 7))).toBeNull();
  });

  it('is a share, whatever the values', () => {
    const point = fc.tuple(
      fc.nat(),
      fc.oneof(fc.double({ noNaN: true }), fc.string(), fc.boolean()),
      fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(point), (list) => {
        const share = importanceOf(list);
        if (share !== null) expect(share >= 0 && share <= 1).toBe(true);
      }),
    );
  });

  it('sorts the paths; controls have none', () => {
    const list = Array.from({ length: 40 }, (_, id) =>
      makeSummary({ id, score: id % 4, params: { matters: id % 4, not: id % 3 }, ...(id === 39 && { kind: 'control' as const }) }),
    );
    const [first, second] = parametersOf(list);
    expect([first?.name, second?.name, first?.points.length]).toEqual(['matters', 'not', 39]);
  });
});

describe('samples of a trial', () => {
  const detailWith = (verdict: 'keep' | 'crash', log: string) => {
    const experiment = makeExperiment({ id: 1, verdict });
    return detailsOf([experiment], { logs: new Map([[1, log]]) })['1'];
  };
  const log = `step 1\nsample: one\n${Array.from({ length: 9 }, (_, at) => `sample:  ${at} \u202e<b>\n`).join('')}no sample: x\nsample:\n`;

  it('are the last lines that say so, safe to show, of what was kept', () => {
    const samples = detailWith('keep', log)?.samples ?? [];
    expect(samples).toHaveLength(8);
    expect(samples.at(-1)).toMatch(/^8 .*<b>$/);
    expect(samples.join('')).not.toContain('\u202e');
    expect(detailWith('keep', log)?.log).toBe('');
  });

  it('are not taken from a crash, which has the end of its log', () => {
    expect(detailWith('crash', log)?.samples).toEqual([]);
    expect(detailWith('crash', log)?.log).toContain('no sample: x');
  });
});
