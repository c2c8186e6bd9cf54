import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isConcerned, keepsSince, offerOf, openOffers, survivalOf, takeUp } from '../../src/model/late-gains.ts';
import type { Summary } from '../../src/plugin.ts';
import { makeSummary } from '../../src/testing.ts';

const late = (id: number, E: number, partial: Partial<Summary> = {}): Summary =>
  makeSummary({ id, reason: { code: 'GAINED_ON_ITS_BASIS', text: '' }, notes: { posterior: { late: [E, 0.5] } }, ...partial });
const again = (id: number, of: number, d: number, verdict: Summary['verdict'] = 'discard'): Summary =>
  makeSummary({ id, again: of, verdict, notes: { posterior: { again: [d, 1.2] } } });

describe('a change that gained on its basis and lost to the incumbent', () => {
  it('is offered again, once, with the gain it had', () => {
    expect(offerOf(late(4, -1.5))).toEqual({ of: 4, gain: 1.5 });
    expect(offerOf(late(5, -1.5, { again: 4 }))).toBeNull();
  });

  it.each([
    ['another reason came first', { reason: { code: 'GUARDRAIL', text: '' } }],
    ['it was kept', { verdict: 'keep' }],
    ['a human must decide', { verdict: 'review' }],
    ['it crashed', { verdict: 'crash' }],
    ['nothing is noted of it', { notes: {} }],
    ['it gained nothing', { notes: { posterior: { late: [0, 0.5] } } }],
    ['it lost', { notes: { posterior: { late: [0.1, 0.5] } } }],
    ['a note is no record', { notes: { posterior: null, sprt: 'late', pruner: [-1, 1] } }],
    ['what is noted is no pair', { notes: { posterior: { late: [-1] }, sprt: { late: [-1, 1, 1] }, pruner: { late: -1 } } }],
    [
      'what is noted are no numbers',
      { notes: { posterior: { late: [-1, 'x'] }, sprt: { late: [null, 1] }, pruner: { late: [-Infinity, 1] } } },
    ],
    ['it is a control', { kind: 'control' }],
  ] as [string, Partial<Summary>][])('is not where %s', (_, partial) => {
    expect(offerOf(late(4, -1.5, partial))).toBeNull();
  });

  it('waits behind those with more gain, and is open until it was taken up', () => {
    const history = [late(1, -0.5), late(2, -2), late(3, -1), again(4, 2, -2)];
    expect(openOffers(history).map(({ of }) => of)).toEqual([3, 1]);
    expect(openOffers([late(9, -1), late(2, -1), late(5, -1), makeSummary({ id: 11 })]).map(({ of }) => of)).toEqual([2, 5, 9]);
  });

  it('is open no longer once it is in flight', () => {
    expect(openOffers([late(1, -1), late(2, -2)], [{ again: 2 }, {}])).toEqual([{ of: 1, gain: 1 }]);
    expect(openOffers([again(4, 2, -2)])).toEqual([]);
  });

  it('is found among the notes of other gates', () => {
    const notes = { sprt: { llr: 1 }, pruner: null, posterior: { late: [-2, 0.5] } };
    expect(offerOf(late(4, 0, { notes }))).toEqual({ of: 4, gain: 2 });
  });

  it('concerns late gains, as does the one that offers it again; nothing else does', () => {
    expect([late(4, -1), late(4, 1), makeSummary({ again: 3 }), makeSummary(), again(5, 4, 0)].map(isConcerned)).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(isConcerned(makeSummary({ notes: { posterior: { again: [1, 1] } } }))).toBe(false);
  });

  it('is offered whatever else the history holds, in any order of ids', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 12 }),
        fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        (ids, isLate) => {
          const history = ids.map((id, i) => (isLate[i] ? late(id, -1 - i) : makeSummary({ id })));
          const offered = openOffers(history);
          expect(new Set(offered.map(({ of }) => of))).toEqual(new Set(ids.filter((_, i) => isLate[i])));
          expect(offered).toEqual(offered.toSorted((a, b) => b.gain - a.gain));
          for (const { of } of offered) expect(openOffers([...history, again(200, of, 0)]).some((offer) => offer.of === of)).toBe(false);
        },
      ),
    );
  });
});

describe('the share of moved gains that survive', () => {
  it('is learned from the changes that were offered again', () => {
    const pairs = (d: number) => Array.from({ length: 10 }, (_, i) => [late(2 * i, -3), again(2 * i + 1, 2 * i, d)]).flat();
    expect(survivalOf([]).n).toBe(0);
    expect(survivalOf(pairs(-3))).toMatchObject({ n: 10 });
    expect(survivalOf(pairs(-3)).mean).toBeGreaterThan(0.85);
    expect(survivalOf(pairs(2)).mean).toBeLessThan(0.35);
  });

  it('does not count one of which the first measurement is unknown', () => {
    expect(survivalOf([again(1, 0, -3), again(2, 7, -3)]).n).toBe(0);
    // One without a number, which names none, must not be taken for it.
    const { id: _id, ...unnumbered } = late(0, -3);
    const { again: _of, ...unnamed } = again(2, 0, -3);
    expect(survivalOf([unnumbered as Summary, unnamed]).n).toBe(0);
  });
});

describe('a waiting candidate', () => {
  it('is moved onto the incumbent where more gains survive that than would make up for what it has gained since', () => {
    expect(takeUp(0, { mean: 1 })).toBe('measure');
    expect(takeUp(0, { mean: 1.5 })).toBe('measure');
    expect(takeUp(1, { mean: Math.exp(-1) })).toBe('measure');
    expect(takeUp(1, { mean: 0.75 })).toBe('move');
    expect(takeUp(1, { mean: 0.3 })).toBe('measure');
    expect(takeUp(3, { mean: 0.3 })).toBe('move');
  });

  it('that is moved at one share is moved at any larger one, and after any more keeps', () => {
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(5),
        (keeps, share, more, later) => {
          if (takeUp(keeps, { mean: share }) !== 'move') return;
          expect(takeUp(keeps, { mean: Math.max(share, more) })).toBe('move');
          expect(takeUp(keeps + later, { mean: share })).toBe('move');
        },
      ),
    );
  });

  it('is as old as the keeps that were decided after its basis, whatever their numbers', () => {
    const keep = (id: number) => makeSummary({ id, verdict: 'keep' });
    const history = [keep(0), keep(9), makeSummary({ id: 3 }), keep(2), keep(5)];
    expect([0, 9, 2, 5, 77, null].map((basis) => keepsSince(history, basis))).toEqual([3, 2, 1, 0, 0, 0]);
  });
});
