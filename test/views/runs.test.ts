import { expect, it } from 'vitest';
import { renderRuns, type RunLine } from '../../src/views/runs.ts';

const line: RunLine = {
  run: 'night',
  state: 'stopped',
  openedAt: '2026-01-31T22:04:00.000Z',
  objective: { label: 'loss', direction: 'minimize' },
  experiments: 12,
  keeps: 3,
  score: 42.105,
  gain: 0.646,
  audited: null,
};

it.each([
  ['raw where nothing is audited', {}, '64.6% raw'],
  ['as audited', { gain: 0.5, audited: 'gain' }, '50.0% '],
  ['none, where the audit shows none', { gain: 0.01, audited: 'none' }, 'none shown'],
  ['nothing before the first keep', { gain: 0 }, '0.00% '],
] as const)('the gain in the list of runs is %s', (_what, facts, text) => {
  expect(renderRuns([{ ...line, ...facts }])).toContain(` ${text}`);
});
