import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReasonError, type Direction, type Objective, type Score } from '../../../src/plugin.ts';
import { makeContext, makeExperiment, makeRunView, makeTrial, testPlugin } from '../../../src/testing.ts';
import lexicographic from './index.ts';

type Metrics = Readonly<Record<string, number>>;
type Options = Parameters<typeof lexicographic.create>[0];

const trialsOf = (rows: readonly Metrics[]) => rows.map((metrics, index) => makeTrial({ index, seed: index + 1, metrics }));
const runFrom = (rows: readonly Metrics[]) => makeRunView({ baseline: makeExperiment({ id: 0, trials: trialsOf(rows) }) });
const create = (options: Partial<Options>): Objective =>
  lexicographic.create(
    { metric: 'loss', direction: 'minimize', reduce: 'mean', constraints: [{ metric: 'latency', max: 100 }], ...options },
    makeContext({ path: 'objective' }),
  );
const score = (objective: Objective, rows: readonly Metrics[], run = runFrom([{ loss: 1, latency: 80 }])): Score =>
  objective.score(trialsOf(rows), run) as Score;
const worse = (fraction: number, direction: Direction) => create({ constraints: [{ metric: 'latency', worse: fraction, direction }] });

testPlugin(lexicographic, {
  options: {
    valid: [
      { metric: 'loss', direction: 'minimize', constraints: [{ metric: 'latency', max: 100, min: 1 }] },
      {
        metric: 'accuracy',
        direction: 'maximize',
        reduce: 'median',
        constraints: [{ metric: 'latency', worse: 0.02, direction: 'minimize' }],
      },
    ],
    invalid: [
      {},
      { metric: 'loss', direction: 'minimize' },
      { metric: 'loss', direction: 'minimize', constraints: [] },
      { metric: 'loss', direction: 'down', constraints: [{ metric: 'latency', max: 1 }] },
      { metric: 'loss', direction: 'minimize', constraints: [{ max: 1 }] },
      { metric: 'loss', direction: 'minimize', constraints: [{ metric: 'latency', worse: -0.1, direction: 'minimize' }] },
      { metric: 'loss', direction: 'minimize', constraints: [{ metric: 'latency', maximum: 1 }] },
    ],
  },
  cases: { run: { baseline: makeExperiment({ id: 0, trials: [makeTrial({ metrics: { latency: 1 } })] }) } },
});

describe('lexicographic', () => {
  it('scores the first metric and needs all of them', () => {
    const objective = create({});
    expect(objective).toMatchObject({ metrics: ['loss', 'latency'], direction: 'minimize', label: 'loss' });
    const rows = [1, 2, 6].map((loss) => ({ loss, latency: 80 }));
    expect(score(objective, rows)).toEqual({ value: 3, spread: Math.sqrt(7), n: 3 });
    expect(score(create({ reduce: 'median' }), rows).value).toBe(2);
    expect(() => score(objective, [{ loss: 1, latency: 80 }, { loss: 1 }])).toThrow(
      new ReasonError('METRIC_MISSING', 'a trial of the candidate has no value for latency'),
    );
  });

  it('leaves out trials that were not measured', () => {
    const [first] = trialsOf([{ loss: 1, latency: 80 }]);
    const stopped = makeTrial({ index: 1, state: 'finished', metrics: {} });
    expect(create({}).score([first ?? stopped, stopped], makeRunView())).toMatchObject({ value: 1, n: 1 });
  });

  it('names each limit that is not met, by the number the trials reduce to', () => {
    const objective = create({
      constraints: [
        { metric: 'latency', max: 100 },
        { metric: 'accuracy', min: 0.9 },
      ],
    });
    const rows = [
      { loss: 1, latency: 90, accuracy: 0.89 },
      { loss: 1, latency: 112, accuracy: 0.9 },
    ];
    expect(score(objective, rows).violations).toEqual(['latency 101 is above its limit 100', 'accuracy 0.895 is below its limit 0.9']);
    expect(score(objective, rows.slice(0, 1)).violations).toEqual(['accuracy 0.89 is below its limit 0.9']);
    expect(score(objective, [{ loss: 1, latency: 100, accuracy: 0.9 }])).not.toHaveProperty('violations');
  });

  it('compares with the baseline, whatever the incumbent is', () => {
    const rows = [{ loss: 0.9, latency: 84 }];
    expect(score(worse(0.02, 'minimize'), rows).violations).toEqual(["latency 84 is worse than the baseline's 80 by 5 %; 2 % is allowed"]);
    expect(score(worse(0.05, 'minimize'), rows)).not.toHaveProperty('violations');
    expect(score(worse(0, 'maximize'), rows)).not.toHaveProperty('violations');
    const eroded = makeRunView({
      ...runFrom([{ loss: 1, latency: 80 }]),
      incumbent: makeExperiment({ trials: trialsOf([{ loss: 1, latency: 84 }]) }),
    });
    expect(score(worse(0.02, 'minimize'), rows, eroded).violations).toHaveLength(1);
  });

  it('knows no worse for the baseline itself, but holds it to the limits', () => {
    const none = makeRunView({ baseline: null });
    expect(score(worse(0, 'minimize'), [{ loss: 1, latency: 500 }], none)).not.toHaveProperty('violations');
    expect(score(create({}), [{ loss: 1, latency: 500 }], none).violations).toHaveLength(1);
  });

  it('says so when the baseline has no value to compare with', () => {
    expect(() => score(worse(0.1, 'minimize'), [{ loss: 1, latency: 1 }], runFrom([{ loss: 1 }]))).toThrow(
      'a trial of the baseline has no value for latency',
    );
  });

  it('works for a baseline of 0 and below', () => {
    const zero = runFrom([{ loss: 1, latency: 0 }]);
    expect(score(worse(0.1, 'minimize'), [{ loss: 1, latency: 0 }], zero)).not.toHaveProperty('violations');
    expect(score(worse(0.1, 'minimize'), [{ loss: 1, latency: 0.5 }], zero).violations).toEqual([
      "latency 0.5 is worse than the baseline's 0 by 0.5; 10 % is allowed",
    ]);
    const below = runFrom([{ loss: 1, latency: -10 }]);
    expect(score(worse(0.1, 'minimize'), [{ loss: 1, latency: -9.5 }], below)).not.toHaveProperty('violations');
    expect(score(worse(0.1, 'minimize'), [{ loss: 1, latency: -8.5 }], below).violations).toHaveLength(1);
  });

  it('refuses constraints that constrain nothing, or nothing that could be met', () => {
    expect(() => create({ constraints: [{ metric: 'latency' }] })).toThrow('objective: latency has none of max, min and worse');
    expect(() => create({ constraints: [{ metric: 'latency', worse: 0.1 }] })).toThrow('no direction');
    expect(() => create({ constraints: [{ metric: 'latency', min: 2, max: 1 }] })).toThrow('at least 2 and at most 1');
  });

  const value = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  const fraction = fc.double({ min: 0, max: 2, noNaN: true });

  it('property: exactly the allowed worsening is allowed, and visibly more is not', () => {
    fc.assert(
      fc.property(value, fraction, (before, allowed) => {
        const run = runFrom([{ loss: 1, latency: before }]);
        expect(score(worse(allowed, 'minimize'), [{ loss: 1, latency: before * (1 + allowed) }], run)).not.toHaveProperty('violations');
        expect(score(worse(allowed, 'minimize'), [{ loss: 1, latency: before * (1 + allowed + 1e-6) }], run).violations).toHaveLength(1);
      }),
    );
  });

  it('property: repeating the same values changes neither score nor violations', () => {
    fc.assert(
      fc.property(value, value, fc.integer({ min: 2, max: 7 }), (loss, latency, n) => {
        const run = runFrom([{ loss, latency }]);
        const {
          value: repeated,
          spread,
          violations,
        } = score(
          worse(0, 'minimize'),
          Array.from({ length: n }, () => ({ loss, latency })),
          run,
        );
        expect([repeated, spread, violations]).toEqual([loss, 0, undefined]);
      }),
    );
  });

  it('property: a mirrored metric with mirrored limits is violated as often', () => {
    fc.assert(
      fc.property(value, value, value, fraction, (latency, before, limit, allowed) => {
        const plain = create({ constraints: [{ metric: 'latency', max: limit, worse: allowed, direction: 'minimize' }] });
        const mirrored = create({ constraints: [{ metric: 'latency', min: -limit, worse: allowed, direction: 'maximize' }] });
        const here = score(plain, [{ loss: 1, latency }], runFrom([{ latency: before }])).violations?.length;
        expect(score(mirrored, [{ loss: 1, latency: -latency }], runFrom([{ latency: -before }])).violations?.length).toBe(here);
      }),
    );
  });
});
