import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/model/summarize.ts';
import { statusOf, type StatusInput } from '../../src/views/status.ts';
import { renderStatus } from '../../src/views/status-text.ts';
import { widthOf } from '../../src/views/text.ts';
import { noiseOf } from '../../src/views/noise.ts';
import { noisyRun } from './noisy.ts';
import { opening, syntheticRun } from './synthetic.ts';

const rows = syntheticRun(41).map(summarize);
const input: StatusInput = {
  run: opening.run,
  branch: 'autoresearch/jan31',
  openedAt: opening.at,
  objective: opening.objective,
  state: { kind: 'running', pid: 4711 },
  rows,
  budget: { experiments: 100, seconds: 28_800 },
  now: '2026-02-01T02:00:00.000Z',
};

describe('status', () => {
  it('counts attempts against the budget', () => {
    const status = statusOf(input);
    expect(status.experiments.done).toBe(40);
    expect(status.left.experiments).toBe(60);
    expect(status.left.seconds).toBeCloseTo(28_800 - rows.reduce((sum, row) => sum + row.seconds, 0));
    expect(status.left).not.toHaveProperty('usd');
    expect(status.last.map(({ id }) => id)).toEqual([36, 37, 38, 39, 40]);
  });

  it('foresees the limit that comes first', () => {
    const seconds = rows.slice(-20).reduce((sum, row) => sum + row.seconds, 0) / 20;
    expect(statusOf({ ...input, budget: { experiments: 50 } }).forecast).toMatchObject({
      limit: 'experiments',
      experiments: 10,
      seconds: 10 * seconds,
    });
    const byTime = statusOf(input).forecast;
    expect(byTime?.limit).toBe('seconds');
    expect(Date.parse(byTime?.at ?? '') - Date.parse(input.now)).toBeCloseTo((byTime?.seconds ?? 0) * 1000, -1);
    expect(statusOf({ ...input, budget: { usd: 8 } }).forecast).toMatchObject({ limit: 'usd' });
    expect(statusOf({ ...input, budget: { experiments: 10 } }).forecast?.seconds).toBe(0);
  });

  it('foresees nothing without a limit, without an experiment, or after the end', () => {
    expect(statusOf({ ...input, budget: {} }).forecast).toBeNull();
    expect(statusOf({ ...input, rows: [] }).forecast).toBeNull();
    expect(statusOf({ ...input, state: { kind: 'stopped', reason: { code: 'PATIENCE', text: 'no keep' } } }).forecast).toBeNull();
    expect(statusOf({ ...input, state: { kind: 'interrupted' } }).forecast?.at).toBeNull();
  });

  it('is plain JSON', () => {
    const status = statusOf(input);
    expect(JSON.parse(JSON.stringify(status))).toEqual(status);
  });

  it('reads as a page that fits the width', () => {
    const page = renderStatus(statusOf(input), { width: 80 });
    for (const line of page.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(page).toContain('running (pid 4711)');
    expect(page).toMatch(/experiments +40 of 100: \d+ keep, \d+ discard, \d+ crash, \d+ review/);
    expect(page).toMatch(/gain +0\.\d+ \(\d\.\d\d% of the baseline\) by the scores of the run/);
    expect(page).toMatch(/forecast +time used up in \dh \d\dm \(2026-02-01 \d\d:\d\d UTC\), about \d+ more/);
  });

  it('says how a run ended, and that a broken one can go on', () => {
    expect(renderStatus(statusOf({ ...input, state: { kind: 'stopped', reason: { code: 'PATIENCE', text: 'no keep in 20' } } }))).toContain(
      'stopped: no keep in 20 (PATIENCE)',
    );
    expect(renderStatus(statusOf({ ...input, state: { kind: 'interrupted' }, rows: [] }))).toContain('autoresearch resume');
  });
});

describe('status of a run that knows its noise', () => {
  const { experiments, audits, drift } = noisyRun();
  const noisy = experiments.map(summarize);
  const status = (list = noisy, found = audits) => statusOf({ ...input, rows: list, audits: found, noise: noiseOf(list, undefined) });

  it('tells noise, belief and the audited claim, to programs and in words', () => {
    const view = status();
    const last = audits[2];
    expect(view).toMatchObject({
      noise: { source: 'repeats' },
      lastAudit: { after: last?.after, trials: { final: 3, anchor: 3 } },
      claim: { to: last?.audit.final.id },
    });
    expect(view.belief).toEqual(noisy.findLast(({ belief }) => belief)?.belief);
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
    const page = renderStatus(view);
    expect(page).toMatch(/noise +sigma 0\.0012 \(df \d+\)/);
    expect(page).toMatch(/believed +1\.80\d\d ± 0\.0006, the incumbent's true score/);
    expect(page).toMatch(/last audit +audited gain 0\.\d{4} \(95% 0\.\d{4} to 0\.\d{4}\); the raw scores say 0\.\d{4}, #57 against #0\n/);
    expect(page).toMatch(/3 keeps rolled back; 5 controls besides/);
    expect(page).toContain('added up keep by keep because of drift');
  });

  it('counts no control as an attempt, in the budget, the pace or the last keep', () => {
    const view = statusOf({ ...input, rows: noisy, audits, budget: { experiments: 60 } });
    expect([view.experiments.done, view.left.experiments, view.forecast?.experiments]).toEqual([54, 6, 6]);
    const recent = noisy.filter(({ kind }) => kind !== 'control').slice(-20)[0]?.id ?? 0;
    const seconds = noisy.filter(({ id }) => id >= recent).reduce((sum, row) => sum + row.seconds, 0) / 20;
    expect(view.perHour).toBeCloseTo(3600 / seconds);
  });

  it('says where a rollback went and what still stands', () => {
    const end = (audits[1]?.after ?? 0) + 1;
    const page = renderStatus(status(noisy.slice(0, end), audits.slice(0, 2)));
    expect(page).toMatch(/last audit .*; rolled back to #7\n/);
    expect(page).toMatch(/audited +audited gain .*#7 against #0/);
    expect(page).toMatch(/incumbent +\S+ +#7 /);
    expect(page).toContain('keep ↩');
  });

  it('believes nothing that a drift has overtaken, and has no line for what is not known', () => {
    expect(status(noisy.slice(0, drift + 1)).belief).toBeNull();
    expect(renderStatus(statusOf(input))).not.toMatch(/^(noise|believed|last audit|audited) |control/m);
    expect(statusOf(input)).toMatchObject({ noise: null, belief: null, claim: null, lastAudit: null });
  });
});
