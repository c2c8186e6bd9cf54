import fc from 'fast-check';
import { expect, it } from 'vitest';
import { follow, NOTHING, underWay, type Live } from '../../page/data/live.ts';
import type { RunEvent } from '../../src/contract/events.ts';

const at = '2026-01-31T22:04:11.000Z';
const of = (experiment: number, slot = 'a') => ({ seq: 1, at, experiment, slot });
const play = (events: readonly RunEvent[]): Live => events.reduce(follow, NOTHING);

const started: RunEvent = { ...of(3), type: 'trial-started', index: 0, subject: 'change', seed: 1, commit: 'c', timeoutSeconds: 60 };
const points = (value: number): RunEvent => ({
  ...of(3),
  type: 'curve-points',
  index: 0,
  subject: 'change',
  name: 'loss',
  points: [[value / 10, value]],
  elapsedSeconds: value,
});

it('an experiment is there from its first event to its verdict, with its stage, trial, curve and lines', () => {
  const lines: RunEvent = { ...of(3), type: 'trial-lines', index: 0, subject: 'change', lines: ['a', 'b'], dropped: 0, elapsedSeconds: 1 };
  const live = play([
    { ...of(3), type: 'proposal-started', agent: 'codex', attempt: 0, isFix: false },
    { ...of(3), type: 'proposal-spend', agent: 'codex', usage: { usd: 0.2 } },
    { ...of(3), type: 'stage-changed', stage: 'train', subject: 'change' },
    started,
    points(1),
    points(2),
    lines,
  ]);
  expect(live.experiments).toMatchObject([
    {
      id: 3,
      stage: 'train',
      agent: 'codex',
      usd: 0.2,
      trial: {
        lines: ['a', 'b'],
        curves: {
          loss: [
            [0.1, 1],
            [0.2, 2],
          ],
        },
      },
    },
  ]);
  const row = { id: 3, kind: 'change', verdict: 'keep', code: 'BETTER', title: '', agent: 'codex', seconds: 1, at: 0 } as const;
  expect(follow(live, { ...of(3), type: 'verdict', row, text: '' }).experiments).toEqual([]);
  expect(follow(live, { seq: 9, at, type: 'run-ended', outcome: 'stopped', reason: { code: '', text: '' } }).experiments).toEqual([]);
});

it('a curve of any length stays short, and keeps its end', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), (count) => {
      const live = play([started, ...Array.from({ length: count }, (_, index) => points(index))]);
      const curve = live.experiments[0]?.trial?.curves['loss'] ?? [];
      expect(curve.length).toBeLessThanOrEqual(400);
      expect(curve.at(-1)?.[1]).toBe(count - 1);
    }),
    { numRuns: 20 },
  );
});

it('nothing is under way in a run whose process was killed', () => {
  const live = play([started]);
  expect(['running', 'paused', 'interrupted', 'stopped'].map((state) => underWay(live, state).length)).toEqual([1, 1, 0, 0]);
});
