import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateResult, RunView, ScoredExperiment, Summary, Trial } from '../../../src/plugin.ts';
import { makeExperiment, makeRunView, makeTrial } from '../../../src/testing.ts';
import { BASE, baseline, create, GIVEN, tried } from '../../../test/helpers/posterior.ts';

type SlotAndHardware = Partial<Pick<Trial, 'slot' | 'hardware'>>;

const again = (score: number, place: SlotAndHardware, partial: Partial<Summary> = {}): Summary =>
  tried(score, {
    candidate: BASE,
    kind: 'control',
    n: 2,
    spread: 1,
    reason: { code: 'CONTROL', text: '' },
    incumbent: 0,
    ...place,
    ...partial,
  });
const keep = (id: number, score: number, partial: Partial<Summary> = {}): Summary =>
  tried(score, { id, verdict: 'keep', reason: { code: 'LIKELY_GAIN', text: '' }, candidate: commitOf(id), incumbent: 0, ...partial });
const commitOf = (id: number) => `${id}`.padStart(40, 'd');

/** Judges a candidate that ran in a slot and was made on a commit; the incumbent is the last keep. */
function judge(
  history: readonly Summary[],
  score: number,
  place: SlotAndHardware = {},
  parent?: string,
  run: Partial<RunView> = {},
): GateResult {
  const last = history.findLast(({ verdict }) => verdict === 'keep');
  const incumbent = makeExperiment({
    id: last?.id ?? 0,
    candidate: last?.candidate ?? BASE,
    score: { value: last?.score ?? 0, spread: last?.spread ?? 0, n: last?.n ?? 1 },
  });
  const trials = [makeTrial({ metrics: { score }, ...place })];
  const experiment: ScoredExperiment = makeExperiment({
    state: 'scored',
    id: 99,
    score: { value: score, spread: 0, n: 1 },
    trials,
    parent: parent ?? incumbent.candidate ?? BASE,
  });
  return create({ profile: 'progress' }).judge?.(
    experiment,
    makeRunView({ history, incumbent, noise: GIVEN, rules: 2, ...run }),
  ) as GateResult;
}

const SLOTTED = [{ ...baseline(10), slot: 'a' }, again(14, { slot: 'b' }), again(9, { slot: 'c' })];

describe('slots that are off each other', () => {
  it('are told apart: what is a gain in one is none in the other', () => {
    expect(judge(SLOTTED, 11, { slot: 'b' })).toMatchObject({ outcome: 'pass', code: 'LIKELY_GAIN' });
    expect(judge(SLOTTED, 11, { slot: 'a' })).toMatchObject({ outcome: 'fail', code: 'UNLIKELY_GAIN' });
    expect(judge(SLOTTED, 11, { slot: 'c' })).toMatchObject({ outcome: 'fail' });
  });

  it('tell of a slot in which nothing was measured yet, with the doubt of how far off slots are', () => {
    const known = judge(SLOTTED, 9, { slot: 'a' });
    const unknown = judge(SLOTTED, 9, { slot: 'd' });
    const widthOf = ({ estimate }: GateResult) => (estimate?.high ?? NaN) - (estimate?.low ?? NaN);
    expect(widthOf(unknown)).toBeGreaterThan(widthOf(known));
    expect(unknown.evidence?.['slot']).toBe('d');
  });

  it('are in the record: where the candidate ran, and what is believed of the incumbent in each', () => {
    const { belief, evidence } = judge(SLOTTED, 20, { slot: 'b' });
    expect(Object.keys(belief?.slots ?? {})).toEqual(['a', 'b', 'c']);
    expect(belief?.slots?.['b']?.mean).toBeCloseTo(belief?.mean ?? NaN, 3);
    expect(belief?.slots?.['b']?.sd).toBeCloseTo(belief?.sd ?? NaN, 2);
    expect((belief?.slots?.['b']?.mean ?? 0) - (belief?.slots?.['a']?.mean ?? 0)).toBeGreaterThan(2);
    expect(evidence).toMatchObject({ slot: 'b' });
  });

  it('all move with a keep in one of them, and one alone where it has drifted', () => {
    const kept = [...SLOTTED, keep(4, 6, { slot: 'a' })];
    expect(judge(kept, 11, { slot: 'b' }).outcome).toBe('fail');
    const drifted = [...SLOTTED, again(24, { slot: 'b' }, { n: 3, reason: { code: 'DRIFT', text: '' } })];
    expect(judge(drifted, 21, { slot: 'b' }).estimate?.pGain).toBeGreaterThan(0.6);
    expect(judge(drifted, 11, { slot: 'a' }).outcome).toBe('fail');
  });

  it('change nothing while there is one of them', () => {
    const scores = fc.array(fc.tuple(fc.double({ min: 5, max: 15, noNaN: true }), fc.boolean(), fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(scores, fc.double({ min: 5, max: 15, noNaN: true }), (list, score) => {
        const plain = list.map(([value, isKept, isControl], i): Summary =>
          isControl ? again(value, {}) : isKept ? keep(i + 1, value) : tried(value, { id: i + 1 }),
        );
        const bare = [baseline(10), ...plain];
        const slotted = bare.map((summary) => ({ ...summary, slot: 'cuda:0' }));
        expect(judge(slotted, score, { slot: 'cuda:0' })).toEqual(judge(bare, score, { slot: 'cuda:0' }));
      }),
      { numRuns: 30 },
    );
  });
});

describe('a change that was made on an earlier incumbent', () => {
  const HISTORY = [baseline(10), keep(1, 4, { parent: BASE })];

  it('is compared with the incumbent, and the record says that it gained on its basis', () => {
    const late = judge(HISTORY, 7, {}, BASE);
    expect(late).toMatchObject({ outcome: 'fail', code: 'GAINED_ON_ITS_BASIS' });
    expect(late.reason).toContain('#1 has become the incumbent since it was proposed');
    const { basis } = late.evidence as { basis: { commit: string; E: number; pGain: number } };
    expect(basis.commit).toBe(BASE);
    expect(basis.E).toBeLessThan(-1);
    expect(basis.pGain).toBeGreaterThan(0.6);
    expect(late.estimate?.effect).toBeGreaterThan(0);
  });

  it('that gains nothing on it either is a plain discard, and so is one that was made on the incumbent', () => {
    expect(judge(HISTORY, 14, {}, BASE)).toMatchObject({ outcome: 'fail', code: 'UNLIKELY_GAIN' });
    expect(judge(HISTORY, 7)).toMatchObject({ outcome: 'fail', code: 'UNLIKELY_GAIN' });
    expect(judge(HISTORY, 1, {}, BASE)).toMatchObject({ outcome: 'pass', code: 'LIKELY_GAIN' });
  });

  it('does not bring its basis back as the incumbent', () => {
    const stale = tried(9, { id: 2, parent: BASE, incumbent: 1 });
    const before = judge(HISTORY, 5).evidence?.['reference'] as number;
    const after = judge([...HISTORY, stale], 5).evidence?.['reference'] as number;
    expect(Math.abs(after - before)).toBeLessThan(1);
    // It does not make ideas look worse than they are either.
    const weights = (history: readonly Summary[]) => (judge(history, 5).evidence as { prior: { w: number[] } }).prior.w;
    expect(weights([...HISTORY, stale])[3]).toBeGreaterThan(
      weights([...HISTORY, tried(9, { id: 2, parent: commitOf(1), incumbent: 1 })])[3] ?? NaN,
    );
  });

  it('is taken in the order of the ledger, whatever the numbers of the experiments', () => {
    const numbers = (ids: readonly number[]) => {
      const [first = 0, second = 0, third = 0] = ids;
      const kept = keep(first, 6, { parent: BASE, candidate: commitOf(1) });
      return judge(
        [
          baseline(10),
          kept,
          tried(9, { id: second, parent: BASE, incumbent: first }),
          tried(7, { id: third, parent: commitOf(1), incumbent: first }),
        ],
        5,
        {},
        commitOf(1),
      );
    };
    expect(numbers([3, 1, 2]).evidence).toEqual(numbers([1, 2, 3]).evidence);
  });

  it('measures its own slot where it is the earlier incumbent again', () => {
    const late = [...SLOTTED, keep(4, 5, { slot: 'a', parent: BASE }), again(14, { slot: 'b' }, { incumbent: 4 })];
    const reference = judge(late, 9, { slot: 'b' }).evidence?.['reference'] as number;
    expect(reference).toBeLessThan(11.5);
  });
});

describe('hardware of several classes', () => {
  const MIXED = [
    { ...baseline(10), slot: 'a', hardware: 'H100' },
    again(40, { slot: 'x', hardware: 'H200' }),
    again(11, { slot: 'b', hardware: 'H100' }),
  ];

  it('is compared inside a class', () => {
    expect(judge(MIXED, 37, { slot: 'x', hardware: 'H200' }).outcome).toBe('pass');
    expect(judge(MIXED, 36, { slot: 'y', hardware: 'H200' }).outcome).toBe('pass');
    expect(judge(MIXED, 13, { slot: 'b', hardware: 'H100' }).outcome).toBe('fail');
  });

  it('is not compared with a class that has no baseline', () => {
    const answer = judge(MIXED, 1, { slot: 'z', hardware: 'A100' });
    expect(answer).toMatchObject({ outcome: 'fail', code: 'NO_BASELINE_OF_CLASS' });
    expect(answer.reason).toContain('A100');
    expect(judge(MIXED.slice(0, 1), 1, { slot: 'x', hardware: 'H200' })).toMatchObject({ code: 'NO_BASELINE_OF_CLASS' });
  });

  it('starts from a baseline of its own, also late in the run', () => {
    const late = [
      ...MIXED,
      keep(5, 4, { slot: 'a', hardware: 'H100' }),
      again(90, { slot: 'z', hardware: 'A100' }, { candidate: commitOf(5), incumbent: 5 }),
    ];
    expect(judge(late, 87, { slot: 'z', hardware: 'A100' }).outcome).toBe('pass');
    expect(judge(late, 95, { slot: 'z', hardware: 'A100' }).outcome).toBe('fail');
  });
});
