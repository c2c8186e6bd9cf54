import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/model/summarize.ts';
import { rankKeeps, totalsOf } from '../../src/views/rank.ts';
import type { Row } from '../../src/views/types.ts';
import { history } from './arbitrary.ts';
import { noisyRun } from './noisy.ts';
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

  it('goes by the estimate where there is one, also when higher is better', () => {
    const ranked = (sign: 1 | -1, direction: 'minimize' | 'maximize') =>
      rankKeeps(noisyRun(60, sign).experiments.map(summarize), direction).map(({ row, worth, estimated }) => [row.id, worth, estimated]);
    expect(ranked(-1, 'maximize')).toEqual(ranked(1, 'minimize'));
    for (const { worth, estimated, gain } of rankKeeps(noisyRun().experiments.map(summarize), 'minimize')) {
      expect(worth).toBe(estimated?.value);
      expect(worth).not.toBe(gain);
    }
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

  it('counts neither controls nor, in the gain, what was rolled back', () => {
    const { experiments, audits, undone } = noisyRun();
    const list = experiments.map(summarize);
    const totals = totalsOf(list, 'minimize', audits);
    expect([totals.experiments, totals.controls, totals.rolledBack]).toEqual([54, 5, undone.length]);
    expect(Object.values(totals.counts).reduce((sum, count) => sum + count, 0)).toBe(54);
    const standing = list.filter(({ verdict, id }) => verdict === 'keep' && id > 0 && !undone.includes(id));
    expect(totals.gain).toBeCloseTo(-standing.reduce((sum, { delta }) => sum + (delta ?? 0), 0), 12);
    expect(totals.hasDrifted).toBe(true);
    const trials = audits.flatMap(({ audit }) => [...audit.trials.final, ...audit.trials.anchor]);
    expect(totals.seconds).toBeCloseTo(
      list.reduce((sum, row) => sum + row.seconds, 0) + trials.reduce((sum, trial) => sum + trial.seconds, 0),
      6,
    );
    expect(
      rankKeeps(list, 'minimize', audits)
        .map(({ row }) => row.id)
        .toSorted((a, b) => a - b),
    ).toEqual(standing.map(({ id }) => id));
  });

  it('has the score of the control for the incumbent that drifted, until the next keep', () => {
    const { experiments, audits, drift } = noisyRun();
    const list = experiments.slice(0, drift + 1).map(summarize);
    const before = list.findLast(({ verdict }) => verdict === 'keep');
    expect(totalsOf(list, 'minimize', audits.slice(0, 2)).incumbent).toMatchObject({ id: before?.id, score: list[drift]?.score });
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
