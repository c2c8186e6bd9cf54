import { describe, expect, it } from 'vitest';
import { countIn, NOTHING_COUNTED, type Tally } from '../../src/model/tally.ts';
import { Numbering } from '../../src/model/numbering.ts';
import { makeSummary } from '../../src/testing.ts';

const before: Tally = {
  counts: { keep: 1, discard: 2, crash: 3, review: 4 },
  sinceControl: 5,
  sinceKeep: 6,
  crashesInARow: 7,
  emptyInARow: 8,
  seconds: 100,
  slotSeconds: 200,
  usd: 10,
};
const after = (partial: Parameters<typeof makeSummary>[0]) => countIn(before, makeSummary({ seconds: 30, usd: 0.5, ...partial }));

describe('the tally', () => {
  it('begins with nothing', () => {
    expect(NOTHING_COUNTED).toEqual({
      counts: { keep: 0, discard: 0, crash: 0, review: 0 },
      sinceControl: 0,
      sinceKeep: 0,
      crashesInARow: 0,
      emptyInARow: 0,
      seconds: 0,
      slotSeconds: 0,
      usd: 0,
    });
  });

  it.each([
    ['a discard', { verdict: 'discard', n: 3 }, { counts: { ...before.counts, discard: 3 }, sinceControl: 8, sinceKeep: 7 }],
    ['a keep', { verdict: 'keep' }, { counts: { ...before.counts, keep: 2 }, sinceControl: 6, sinceKeep: 0 }],
    ['a crash', { verdict: 'crash' }, { counts: { ...before.counts, crash: 4 }, sinceControl: 6, sinceKeep: 7, crashesInARow: 8 }],
    ['a change for review', { verdict: 'review' }, { counts: { ...before.counts, review: 5 }, sinceControl: 6, sinceKeep: 6 }],
    ['a control', { kind: 'control' }, { counts: before.counts, sinceControl: 0, sinceKeep: 6 }],
    ['a baseline that failed', { kind: 'baseline' }, { counts: before.counts, sinceControl: 6, sinceKeep: 7 }],
  ] as const)('counts %s', (_, partial, expected) => {
    expect(after(partial)).toEqual({ crashesInARow: 0, emptyInARow: 0, seconds: 130, slotSeconds: 230, usd: 10.5, ...expected });
  });

  it('counts a lost trial as a crash in a row, and not as a crash', () => {
    expect(after({ reason: { code: 'TRIAL_LOST', text: '' } })).toMatchObject({
      counts: { ...before.counts, discard: 3 },
      crashesInARow: 8,
    });
  });

  it('counts the wall clock where others were in flight, and the time of trials apart', () => {
    expect(after({ wallSeconds: 10, trialSeconds: 20 })).toMatchObject({ seconds: 110, slotSeconds: 220 });
  });

  it('counts dollars only where there are some', () => {
    const { usd: _usd, ...free } = makeSummary();
    expect(countIn(before, free).usd).toBe(10);
  });

  it.each(['NO_CHANGE', 'NO_PROPOSAL', 'DUPLICATE'])('counts %s as empty, in a row', (code) => {
    expect(after({ reason: { code, text: '' } }).emptyInARow).toBe(9);
  });
});

describe('the numbers', () => {
  it('count up from 0, over what is in flight and what is decided', () => {
    const numbering = new Numbering();
    const begin = (id: number) =>
      numbering.begin({ id, kind: 'change', stage: 'proposing', usd: 0, title: '', agent: '', basis: { incumbent: null, commit: 'c' } });
    expect([numbering.next, numbering.open, numbering.pending]).toEqual([0, [], []]);
    for (const id of [0, 1, 2, 3]) begin(id);
    expect(numbering.next).toBe(4);
    numbering.settle(2);
    expect([numbering.next, numbering.open, numbering.pending.map(({ id }) => id)]).toEqual([4, [0, 1], [0, 1, 3]]);
    numbering.drop(3);
    expect([numbering.next, numbering.pending.map(({ id }) => id)]).toEqual([3, [0, 1]]);
    numbering.settle(1);
    numbering.settle(0);
    expect([numbering.next, numbering.open, numbering.pending]).toEqual([3, [], []]);
    expect(Object.isFrozen(numbering.pending)).toBe(true);
  });
});
