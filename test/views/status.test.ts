import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/ledger/records.ts';
import { statusOf, type StatusInput } from '../../src/views/status.ts';
import { renderStatus } from '../../src/views/status-text.ts';
import { widthOf } from '../../src/views/text.ts';
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
    expect(page).toMatch(/gain +0\.\d+ \(\d\.\d\d% of the baseline\)/);
    expect(page).toMatch(/forecast +time used up in \dh \d\dm \(2026-02-01 \d\d:\d\d UTC\), about \d+ more/);
  });

  it('says how a run ended, and that a broken one can go on', () => {
    expect(renderStatus(statusOf({ ...input, state: { kind: 'stopped', reason: { code: 'PATIENCE', text: 'no keep in 20' } } }))).toContain(
      'stopped: no keep in 20 (PATIENCE)',
    );
    expect(renderStatus(statusOf({ ...input, state: { kind: 'interrupted' }, rows: [] }))).toContain('autoresearch resume');
  });
});
