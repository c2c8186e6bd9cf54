import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReasonError, type Direction, type Objective, type Score } from '../../../src/plugin.ts';
import { makeContext, makeExperiment, makeRunView, makeTrial, testPlugin } from '../../../src/testing.ts';
import weighted from './index.ts';

type Metrics = Readonly<Record<string, number>>;

const LOSS = { metric: 'loss', direction: 'minimize', weight: 1 } as const;
const SPEED = { metric: 'speed', direction: 'maximize', weight: 0.5 } as const;

const trialsOf = (rows: readonly Metrics[]) => rows.map((metrics, index) => makeTrial({ index, seed: index + 1, metrics }));
const runFrom = (rows: readonly Metrics[]) => makeRunView({ baseline: makeExperiment({ id: 0, trials: trialsOf(rows) }) });
const create = (
  terms: readonly { metric: string; direction: Direction; weight: number }[] = [LOSS, SPEED],
  label = 'weighted score',
): Objective => weighted.create({ terms, label }, makeContext({ path: 'objective' }));
const score = (objective: Objective, rows: readonly Metrics[], run = runFrom([{ loss: 2, speed: 100 }])): Score =>
  objective.score(trialsOf(rows), run) as Score;

testPlugin(weighted, {
  options: {
    valid: [{ terms: [LOSS, SPEED] }, { terms: [LOSS], label: 'relative loss' }],
    invalid: [
      {},
      { terms: [] },
      { terms: [{ metric: 'loss', direction: 'minimize' }] },
      { terms: [{ ...LOSS, weight: 0 }] },
      { terms: [{ ...LOSS, wieght: 1 }] },
      { terms: [LOSS], label: '' },
    ],
  },
  cases: { run: { baseline: makeExperiment({ id: 0, trials: trialsOf([{ loss: 1, speed: 1 }]) }) } },
});

describe('weighted', () => {
  it('adds up relative changes by their weights, and lower is better', () => {
    const objective = create();
    expect(objective).toMatchObject({ metrics: ['loss', 'speed'], direction: 'minimize', label: 'weighted score' });
    expect(score(objective, [{ loss: 1, speed: 100 }]).value).toBeCloseTo(-Math.LN2, 12);
    expect(score(objective, [{ loss: 2, speed: 200 }]).value).toBeCloseTo(-0.5 * Math.LN2, 12);
    // Half the loss pays for a quarter of the speed.
    expect(score(objective, [{ loss: 1, speed: 25 }]).value).toBeCloseTo(0, 12);
    expect(create([LOSS], 'cost').label).toBe('cost');
  });

  it('combines within each trial first, then takes mean and spread over the trials', () => {
    const rows = [
      { loss: 2, speed: 100 },
      { loss: 4, speed: 400 },
      { loss: 1, speed: 100 },
    ];
    const values = [0, 0, -Math.LN2];
    const mean = -Math.LN2 / 3;
    const { value, spread, n } = score(create(), rows);
    expect(value).toBeCloseTo(mean, 12);
    expect(spread).toBeCloseTo(Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 2), 12);
    expect(n).toBe(3);
  });

  it('scores the baseline exactly 0, before and after it is the baseline', () => {
    const rows = [
      { loss: 0.3, speed: 7 },
      { loss: 0.1, speed: 9 },
    ];
    expect(score(create(), rows, makeRunView({ baseline: null })).value).toBe(0);
    expect(score(create(), rows, runFrom(rows)).value).toBe(0);
  });

  it('refuses values that have no relative change, wherever they are', () => {
    for (const loss of [0, -1]) {
      const text = `loss of the candidate is ${loss}; the weighted score takes relative changes, which only values above 0 have`;
      expect(() => score(create(), [{ loss, speed: 1 }])).toThrow(new ReasonError('METRIC_NOT_POSITIVE', text));
    }
    expect(() => score(create(), [{ loss: 1, speed: 1 }], runFrom([{ loss: 1, speed: 0 }]))).toThrow('speed of the baseline is 0');
    expect(() => score(create(), [{ loss: 1, speed: 1 }], runFrom([{ loss: 1 }]))).toThrow(
      'a trial of the baseline has no value for speed',
    );
  });

  it('refuses two terms for one metric', () => {
    expect(() => create([LOSS, LOSS])).toThrow('objective: loss has two terms');
  });

  const value = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  const rows = fc.array(fc.record({ loss: value, speed: value }), { minLength: 1, maxLength: 5 });
  const near = (actual: number, expected: number) => expect(Math.abs(actual - expected)).toBeLessThan(1e-9);

  it('property: the unit of a metric does not matter', () => {
    fc.assert(
      fc.property(rows, rows, value, (baseline, candidate, unit) => {
        const inUnit = (list: readonly Metrics[]) => list.map(({ loss = 0, speed = 0 }) => ({ loss: loss * unit, speed }));
        const plain = score(create(), candidate, runFrom(baseline));
        const scaled = score(create(), inUnit(candidate), runFrom(inUnit(baseline)));
        near(scaled.value, plain.value);
        near(scaled.spread, plain.spread);
      }),
    );
  });

  it('property: turning a metric and its direction round changes nothing', () => {
    fc.assert(
      fc.property(rows, rows, (baseline, candidate) => {
        const slowness = (list: readonly Metrics[]) => list.map(({ loss = 0, speed = 0 }) => ({ loss, slowness: 1 / speed }));
        const turned = create([LOSS, { metric: 'slowness', direction: 'minimize', weight: 0.5 }]);
        near(score(turned, slowness(candidate), runFrom(slowness(baseline))).value, score(create(), candidate, runFrom(baseline)).value);
      }),
    );
  });

  it('property: with all directions mirrored, the score is mirrored', () => {
    fc.assert(
      fc.property(rows, rows, (baseline, candidate) => {
        const mirrored = create([
          { ...LOSS, direction: 'maximize' },
          { ...SPEED, direction: 'minimize' },
        ]);
        near(score(mirrored, candidate, runFrom(baseline)).value, -score(create(), candidate, runFrom(baseline)).value);
      }),
    );
  });

  it('property: one term orders candidates as its metric does', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const run = runFrom([{ loss: 1 }]);
        const of = (loss: number) => score(create([LOSS]), [{ loss }], run).value;
        if (a < b) expect(of(a)).toBeLessThanOrEqual(of(b));
        if (a < b * 0.999) expect(of(a)).toBeLessThan(of(b));
      }),
    );
  });
});
