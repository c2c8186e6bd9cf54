import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/ledger/records.ts';
import { rankKeeps, totalsOf } from '../../src/views/rank.ts';
import type { Row } from '../../src/views/types.ts';
import { history } from './arbitrary.ts';
import { syntheticRun } from './synthetic.ts';

const rows = syntheticRun(80).map(summarize);
const mirrored: Row[] = rows.map((row) => ({
  ...row,
  score: row.score === null ? null : -row.score,
  delta: row.delta === null ? null : -row.delta,
}));

describe('ranking keeps', () => {
  it('orders them by gain, without the baseline, and the gains add up to the whole', () => {
    const ranked = rankKeeps(rows, 'minimize');
    const totals = totalsOf(rows, 'minimize');
    expect(ranked).toHaveLength(totals.counts.keep);
    expect(ranked.map(({ rank }) => rank)).toEqual(ranked.map((_, at) => at + 1));
    expect(ranked.map(({ gain }) => gain)).toEqual(ranked.map(({ gain }) => gain).toSorted((a, b) => b - a));
    expect(ranked.some(({ row }) => row.id === 0)).toBe(false);
    expect(ranked.reduce((sum, { gain }) => sum + gain, 0)).toBeCloseTo(totals.gain ?? Number.NaN, 10);
    expect(Math.max(...ranked.map(({ cumulative }) => cumulative ?? 0))).toBeCloseTo(totals.fraction ?? Number.NaN, 10);
  });

  it('ranks a mirrored run the same way', () => {
    const ids = (list: readonly Row[], direction: 'minimize' | 'maximize') =>
      rankKeeps(list, direction).map(({ row, gain }) => [row.id, gain]);
    expect(ids(mirrored, 'maximize')).toEqual(ids(rows, 'minimize'));
  });
});

describe('totals', () => {
  it('counts attempts, with the baseline apart', () => {
    const totals = totalsOf(rows, 'minimize');
    expect(totals.experiments).toBe(79);
    expect(Object.values(totals.counts).reduce((sum, count) => sum + count, 0)).toBe(79);
    expect(totals.baseline?.id).toBe(0);
    expect(totals.usd).toBeCloseTo(79 * 0.18);
  });

  it('takes the first keep for the baseline when an earlier one crashed', () => {
    const crashed: Row = { ...(rows[0] as Row), verdict: 'crash', score: null };
    const totals = totalsOf([crashed, ...rows.map((row) => ({ ...row, id: row.id + 1 }))], 'minimize');
    expect([totals.baseline?.id, totals.counts.crash]).toEqual([1, totalsOf(rows, 'minimize').counts.crash + 1]);
  });

  it('knows how long ago the last keep was', () => {
    const last = rows.findLastIndex(({ verdict }) => verdict === 'keep');
    expect(totalsOf(rows, 'minimize').sinceKeep).toBe(rows.length - 1 - last);
    expect(totalsOf(rows.slice(0, last + 1), 'minimize').sinceKeep).toBe(0);
    expect(totalsOf([], 'minimize')).toMatchObject({ experiments: 0, baseline: null, incumbent: null, gain: null, sinceKeep: 0 });
  });

  it('takes any history', () => {
    fc.assert(
      fc.property(history, (experiments) => {
        const list = experiments.map(summarize);
        expect(rankKeeps(list, 'maximize').length).toBeLessThanOrEqual(totalsOf(list, 'maximize').counts.keep + 1);
      }),
    );
  });
});
