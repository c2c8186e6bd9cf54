import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SettledExperiment } from '../../src/experiment.ts';
import type { SessionRecord } from '../../src/ledger/records.ts';
import { timelineOf, timesOf } from '../../src/page/timeline.ts';
import { makeExperiment, makeTrial } from '../../src/testing.ts';
import { opening } from '../views/synthetic.ts';

const START = Date.parse('2026-03-01T00:00:00.000Z');
const at = (seconds: number): string => new Date(START + 1000 * seconds).toISOString();

const opened = (seconds = 0): SessionRecord => ({ v: 1, kind: 'opened', projectPrefix: '', ...opening, at: at(seconds) });
const resumed = (seconds: number): SessionRecord => ({
  v: 1,
  kind: 'resumed',
  at: at(seconds),
  engine: '',
  node: '',
  host: '',
  budget: {},
});
const stopped = (seconds: number): SessionRecord => ({
  v: 1,
  kind: 'stopped',
  at: at(seconds),
  outcome: 'stopped',
  reason: { code: 'X', text: '' },
});

interface Given {
  readonly start: number;
  readonly think: number;
  readonly train: number;
  readonly judge: number;
  readonly slot?: string;
}

function experiment(id: number, { start, think, train, judge, slot = 'a' }: Given): SettledExperiment {
  const trials = [makeTrial({ slot, startedAt: at(start + think), seconds: train })];
  return makeExperiment({ id, startedAt: at(start), settledAt: at(start + think + train + judge), trials });
}

const linesOf = (all: readonly SettledExperiment[], sessions: readonly SessionRecord[], now: number) =>
  timelineOf(sessions, [], all.map(timesOf), at(now));

describe('the timeline of slots', () => {
  it('says what a slot waited for', () => {
    const one = experiment(1, { start: 0, think: 10, train: 60, judge: 5 });
    const two = experiment(2, { start: 80, think: 20, train: 100, judge: 0 });
    expect(linesOf([one, two], [opened(), stopped(210)], 999)).toEqual({
      start: at(0),
      worked: 210,
      lanes: [{ name: 'a', busy: 160, proposal: 30, judging: 5, other: 15 }],
      spans: [
        [1, 0, 10, 'proposal', 1],
        [0, 10, 70, 'kept', 1],
        [1, 80, 100, 'proposal', 2],
        [0, 100, 200, 'kept', 2],
      ],
    });
  });

  it('does not count the time between sessions, however the first one ended', () => {
    const one = experiment(1, { start: 0, think: 0, train: 50, judge: 0 });
    const two = experiment(2, { start: 1000, think: 0, train: 50, judge: 0 });
    for (const sessions of [
      [opened(), stopped(50), resumed(1000)],
      [opened(), resumed(1000)],
    ]) {
      const { worked, lanes } = linesOf([one, two], sessions, 1060) ?? { worked: 0, lanes: [] };
      expect([worked, lanes]).toEqual([110, [{ name: 'a', busy: 100, proposal: 0, judging: 0, other: 10 }]]);
    }
  });

  it('gives each slot all of the time that was worked, whatever ran beside what', () => {
    const given = fc.record({
      start: fc.integer({ min: 0, max: 500 }),
      think: fc.integer({ min: 0, max: 50 }),
      train: fc.integer({ min: 1, max: 100 }),
      judge: fc.integer({ min: 0, max: 20 }),
      slot: fc.constantFrom('cuda:0', 'cuda:1', 'cuda:10'),
    });
    fc.assert(
      fc.property(fc.array(given, { minLength: 1, maxLength: 30 }), (all) => {
        const line = linesOf(
          all.map((one, id) => experiment(id, one)),
          [opened(), stopped(700)],
          700,
        );
        expect(line).not.toBeNull();
        for (const { name, busy, proposal, judging, other } of line?.lanes ?? []) {
          expect(busy + proposal + judging + other).toBeCloseTo(700, 6);
          // Second by second, for that is all the times there are.
          const seconds = Array.from({ length: 700 }, (_, second) =>
            all.some(({ slot, start, think, train }) => slot === name && second >= start + think && second < start + think + train),
          );
          expect(busy).toBeCloseTo(seconds.filter(Boolean).length, 6);
        }
        expect(line?.lanes.map(({ name }) => name)).toEqual(
          ['cuda:0', 'cuda:1', 'cuda:10'].filter((name) => all.some(({ slot }) => slot === name)),
        );
      }),
    );
  });

  it('is none where nothing was run', () => {
    expect(linesOf([], [opened()], 10)).toBeNull();
    expect(linesOf([makeExperiment({ trials: [] })], [opened()], 10)).toBeNull();
  });
});
