import { describe, expect, it } from 'vitest';
import type { Curve, Gate, GateResult, Json, RunView, ScoredExperiment, Summary } from '../../../src/plugin.ts';
import { makeContext, makeExperiment, makeRunView, makeSummary, makeTrial, testPlugin } from '../../../src/testing.ts';
import pruner from './index.ts';

type Options = Parameters<typeof pruner.create>[0];

const DEFAULTS: Options = {
  rule: 'incumbent-curve',
  pattern: '^curve:\\s+(\\S+)\\s+(\\S+)',
  at: [0.4],
  k: 1.5,
  floor: 0,
  reference: 'own',
  shadowRuns: 3,
  spare: 0,
  mostInARow: 1000,
  skipParams: pruner.schema.properties.skipParams.default,
  skipPaths: [],
};

testPlugin(pruner, {
  options: {
    valid: [{}, { at: [0.2, 0.5], k: 2, spare: 0, skipPaths: ['schedule/**'] }],
    invalid: [{ at: [0] }, { at: [] }, { k: 0 }, { spare: 2 }, { rule: 'median' }],
  },
  cases: [{ name: 'without curves', expect: 'pass' }],
});

const line = (from: number, to: number): Curve => [0, 0.25, 0.5, 0.75, 1].map((at) => [at, from + (to - from) * at]);
const trialWith = (curve: Curve, index = 0) => makeTrial({ index, metrics: { score: curve.at(-1)?.[1] ?? 0 }, curves: { score: curve } });
const candidateOf = (id: number, curve: Curve, more: Partial<ScoredExperiment> = {}) =>
  makeExperiment({
    state: 'scored',
    id,
    candidate: `c${id}`,
    proposal: { ...makeExperiment().proposal, params: { DEPTH: 3 }, title: 'DEPTH 2 → 3' },
    trials: [trialWith(curve)],
    score: { value: curve.at(-1)?.[1] ?? 0, spread: 0, n: 1 },
    ...more,
  });
const base = makeExperiment({ id: 0, parent: 'p', candidate: 'p', trials: [trialWith(line(2, 1))], score: { value: 1, spread: 0, n: 1 } });
const viewOf = (history: readonly Summary[] = [], more: Partial<RunView> = {}) => ({
  ...makeRunView({ incumbent: base, baseline: base, noise: { sigma: 0.001, df: 2, source: 'repeats' }, ...more }),
  history,
});
const gateOf = (options: Partial<Options> = {}): Gate => pruner.create({ ...DEFAULTS, ...options }, makeContext({ label: 'pruner' }));

/** The history a gate leaves behind: what it noted of each finished candidate, as the ledger's summaries hold it. */
function noted(gate: Gate, run: { history: Summary[] } & RunView, candidate: ScoredExperiment, more: Partial<Summary> = {}): Summary {
  const result = gate.judge?.(candidate, run);
  if (result === undefined || 'then' in result) throw new Error('no judgement');
  const summary = makeSummary({
    id: candidate.id,
    score: candidate.score.value,
    ...(result.note !== undefined && { notes: { pruner: JSON.parse(JSON.stringify(result.note)) as Json } }),
    ...more,
  });
  run.history.push(summary);
  return summary;
}

/** Prints the points of a trial until the gate stops it. */
async function play(
  gate: Gate,
  run: RunView,
  experiment: ScoredExperiment,
  curve: readonly (readonly [number, number | string])[],
  index = 0,
) {
  for (const [at, value] of curve) {
    const answer = await gate.observe?.(
      { experiment: { ...experiment, state: 'committed', score: null }, index, line: `curve: ${at} ${value}`, elapsedSeconds: at },
      run,
    );
    if (answer) return { at, ...answer.stop };
  }
  return null;
}

/** Three candidates whose early differences were off by 0.01, 0.02 and 0.03. */
function shadowed(options: Partial<Options> = {}) {
  const gate = gateOf(options);
  const run = { ...viewOf(), history: [] as Summary[] };
  [0.01, 0.02, 0.03].forEach((miss, index) =>
    noted(
      gate,
      run,
      candidateOf(index + 1, [
        [0, 2],
        [0.4, 1.6 + 0.1 + miss],
        [1, 1.1],
      ]),
    ),
  );
  return { gate, run };
}

const looksOf = (judged: GateResult | undefined) =>
  (judged?.evidence?.['looks'] ?? []) as unknown as readonly { at: number; limit: number }[];

describe('a hopeless trial', () => {
  it('is stopped once the shadow phase has shown how far early differences are off, and not before', async () => {
    const gate = gateOf();
    const run = { ...viewOf(), history: [] as Summary[] };
    const bad = line(12, 11);
    for (const id of [1, 2, 3]) {
      expect(await play(gate, run, candidateOf(id, bad), bad)).toBeNull();
      noted(gate, run, candidateOf(id, bad));
    }
    // tau = max(2 sigma, MAD of equal misses) = 0.002, so 0.003 is allowed.
    expect(await play(gate, run, candidateOf(4, bad), bad)).toMatchObject({
      at: 0.5,
      code: 'HOPELESS',
      text: 'behind the incumbent by 10 at 40 % of the budget (11.6 against 1.6), and 0.003 is allowed',
    });
    expect(await play(gate, run, candidateOf(5, line(2.002, 1)), line(2.002, 1))).toBeNull();
  });

  it('is judged by the deviation of the misses, and never within the floor', async () => {
    const { gate, run } = shadowed();
    // Misses of 0.01, 0.02 and 0.03 have a median deviation of 0.01: 1.5 * 1.4826 * 0.01 = 0.0222 is allowed.
    const behind = (delta: number) =>
      [
        [0, 2],
        [0.4, 1.6 + delta],
        [1, 1],
      ] as const;
    expect(await play(gate, run, candidateOf(9, behind(0.022)), behind(0.022))).toBeNull();
    expect(await play(gate, run, candidateOf(10, behind(0.0225)), behind(0.0225))).toMatchObject({ code: 'HOPELESS' });
    const lenient = shadowed({ floor: 0.5 });
    expect(await play(lenient.gate, lenient.run, candidateOf(9, behind(0.49)), behind(0.49))).toBeNull();
    expect(await play(lenient.gate, lenient.run, candidateOf(10, behind(0.51)), behind(0.51))).toMatchObject({ code: 'HOPELESS' });
  });

  it('is held against the incumbent’s trial of the same seed, where the incumbent has several', async () => {
    const { gate, run } = shadowed();
    const trials = [trialWith(line(2, 1)), trialWith(line(9, 8), 1), trialWith(line(9, 8), 2)];
    const repeated = { ...run, incumbent: { ...base, trials } };
    expect(await play(gate, repeated, candidateOf(9, line(2.1, 1)), line(2.1, 1))).toMatchObject({ code: 'HOPELESS' });
    const rest = { ...run, incumbent: { ...base, trials: trials.slice(1) } };
    expect(await play(gate, rest, candidateOf(9, line(8, 7)), line(8, 7))).toBeNull();
  });

  it('is no trial that is behind only because the incumbent’s curve was lucky, where that is learned', async () => {
    const behind = [
      [0, 2],
      [0.4, 1.63],
      [1, 1],
    ] as const;
    // Three candidates were behind by 0.01, 0.02 and 0.03 more at the look than at their end: half of that is luck, with the curve's own word.
    const own = shadowed();
    expect(await play(own.gate, own.run, candidateOf(9, behind), behind)).toMatchObject({ code: 'HOPELESS' });
    const learned = shadowed({ reference: 'learned' });
    expect(await play(learned.gate, learned.run, candidateOf(9, behind), behind)).toBeNull();
    expect(looksOf(await learned.gate.judge?.(candidateOf(9, behind), learned.run))[0]).toMatchObject({ luck: expect.closeTo(0.015, 10) });
    // Another incumbent has another curve.
    learned.run.history.push(makeSummary({ id: 8, verdict: 'discard', parent: 'other' }));
    expect(looksOf(await learned.gate.judge?.(candidateOf(9, behind), learned.run))[0]).toMatchObject({ luck: 0 });
  });

  it('is found where more is better', async () => {
    const { run } = shadowed();
    const up = makeExperiment({ id: 0, trials: [trialWith(line(0, 1))], score: { value: 1, spread: 0, n: 1 } });
    const maximize = { ...run, incumbent: up, objective: { label: 'score', direction: 'maximize' as const } };
    expect(await play(gateOf(), maximize, candidateOf(9, line(0, 0.5)), line(0, 0.5))).toMatchObject({ code: 'HOPELESS' });
    expect(await play(gateOf(), maximize, candidateOf(9, line(0, 1.5)), line(0, 1.5))).toBeNull();
  });

  it('of another trial than the first is left alone: how the first one ended is known', async () => {
    const { gate, run } = shadowed();
    expect(await play(gate, run, candidateOf(9, line(12, 11)), line(12, 11), 1)).toBeNull();
  });

  it('is spared one time in so many, the same ones again after a resume, and each that comes out well widens the limit', async () => {
    const half = { spare: 0.5 };
    const { gate, run } = shadowed(half);
    const bad = line(12, 11);
    const outcomes = await Promise.all(Array.from({ length: 200 }, (_, id) => play(gateOf(half), run, candidateOf(id, bad), bad)));
    const spared = outcomes.flatMap((outcome, id) => (outcome === null ? [id] : []));
    expect(spared.length).toBeGreaterThan(70);
    expect(spared.length).toBeLessThan(130);
    const [id = -1] = spared;
    const limitAfter = async (more: Partial<Summary>) => {
      const resumed = { ...run, history: [...run.history] };
      noted(gateOf(half), resumed, candidateOf(id, bad), more);
      expect(resumed.history.at(-1)?.notes).toEqual({ pruner: { miss: [0], spared: 0 } });
      const judged = await gateOf(half).judge?.(candidateOf(300, line(2, 1)), resumed);
      return looksOf(judged)[0]?.limit;
    };
    expect(await limitAfter({})).toBeCloseTo(1.5 * 0.014826, 8);
    expect(await limitAfter({ verdict: 'keep' })).toBeCloseTo(2.25 * 0.014826, 8);
    expect(gate).toBeDefined();
  });

  it('may finish after so many that were stopped in a row: where all are behind, the machine may have changed', async () => {
    const { gate, run } = shadowed({ mostInARow: 2 });
    const bad = line(12, 11);
    const stop = (id: number) =>
      run.history.push(makeSummary({ id, score: null, delta: null, reason: { code: 'HOPELESS', text: 'behind' } }));
    for (const id of [10, 11]) {
      expect(await play(gate, run, candidateOf(id, bad), bad)).toMatchObject({ code: 'HOPELESS' });
      stop(id);
    }
    expect(await play(gate, run, candidateOf(12, bad), bad)).toBeNull();
    noted(gate, run, candidateOf(12, bad));
    expect(await play(gate, run, candidateOf(13, bad), bad)).toMatchObject({ code: 'HOPELESS' });
  });
});

describe('divergence', () => {
  it.each(['nan', 'NaN', '-inf', 'Infinity', '1e999'])(
    '%s stops a trial at once, in the shadow phase and in a schedule edit too',
    async (value) => {
      const edit = candidateOf(1, line(2, 1), { proposal: { ...makeExperiment().proposal, title: 'a longer warmup' } });
      expect(
        await play(gateOf({ rule: 'none' }), viewOf(), edit, [
          [0.1, 2],
          [0.2, value],
        ]),
      ).toMatchObject({ at: 0.2, code: 'DIVERGED' });
    },
  );

  it('is not found in words, and never in the baseline or a control', async () => {
    expect(
      await play(gateOf(), viewOf(), candidateOf(1, line(2, 1)), [
        [0.1, 'soon'],
        [0.2, 'nano'],
      ]),
    ).toBeNull();
    expect(await play(gateOf(), viewOf(), candidateOf(1, line(2, 1), { candidate: 'p', parent: 'p' }), [[0.2, 'nan']])).toBeNull();
  });
});

describe('a change of the schedule', () => {
  const judged = async (more: Partial<ScoredExperiment>, options = {}) =>
    (await gateOf(options).judge?.(candidateOf(1, line(2, 1), more), viewOf()))?.code;
  const proposal = makeExperiment().proposal;

  it.each([
    'Raise the learning rate',
    'LR 0.1 → 0.2',
    'embedLR doubled',
    'WARMUP_STEPS 10',
    'longer warm-up',
    'warmdown 0.3',
    'BatchSize 64',
    'minibatch of 8',
    'cosine schedule',
  ])('%s is not held against the incumbent', async (title) => {
    expect(await judged({ proposal: { ...proposal, params: {}, title } })).toBe('NOT_WATCHED');
  });

  it.each(['deeper model', 'alrighty', 'use a warm colour', 'rate limiter'])('%s is no such change', async (title) => {
    expect(await judged({ proposal: { ...proposal, params: { DEPTH: 1 }, title } })).toBe('WATCHED');
  });

  it('is found in parameters and paths as well', async () => {
    expect(await judged({ proposal: { ...proposal, title: 'x', params: { EMBED_LR: 1 } } })).toBe('NOT_WATCHED');
    const edit = { proposal: { ...proposal, title: 'x', params: {} }, changes: [{ path: 'conf/sched.py', kind: 'modified' as const }] };
    expect(await judged(edit)).toBe('WATCHED');
    expect(await judged(edit, { skipPaths: ['conf/*'] })).toBe('NOT_WATCHED');
  });
});

describe('the record', () => {
  it('holds every number of a judgement, and the note is small', async () => {
    const judged = await gateOf({ at: [0.8, 0.2, 0.4, 0.6, 0.1] }).judge?.(candidateOf(1, line(2.123456789, 1.0123456789)), viewOf());
    expect(judged).toMatchObject({
      outcome: 'pass',
      code: 'WATCHED',
      evidence: { metric: 'score', value: 1.0123456789, incumbent: 1, noise: 0.001 },
    });
    expect(looksOf(judged).map(({ at }) => at)).toEqual([0.1, 0.2, 0.4, 0.6, 0.8]);
    expect(JSON.stringify(judged?.note).length).toBeLessThanOrEqual(200);
  });

  it('lets a resumed gate decide as one that never stopped', async () => {
    const { gate, run } = shadowed({ spare: 0.3 });
    for (let id = 4; id < 40; id++) {
      const curve = line(2 + (id % 7) * 0.01, 1 + (id % 5) * 0.01);
      const [going, resumed] = [
        await play(gate, run, candidateOf(id, curve), curve),
        await play(gateOf({ spare: 0.3 }), run, candidateOf(id, curve), curve),
      ];
      expect(resumed).toEqual(going);
      if (going === null) noted(gate, run, candidateOf(id, curve), id % 3 === 0 ? { verdict: 'keep' } : {});
    }
    expect(await gateOf({ spare: 0.3 }).judge?.(candidateOf(99, line(2, 1)), run)).toEqual(
      await gate.judge?.(candidateOf(99, line(2, 1)), run),
    );
  });

  it('without a curve of the incumbent there is nothing to compare, and the reason says what is lacking', async () => {
    const bare = makeExperiment({ id: 0, trials: [makeTrial()] });
    const judged = await gateOf().judge?.(candidateOf(1, line(2, 1)), viewOf([], { incumbent: bare }));
    expect(judged).toMatchObject({ outcome: 'pass', code: 'NOT_WATCHED', reason: expect.stringContaining('option `curve`') });
  });
});

it('a pattern without two groups is refused', () => {
  expect(() => gateOf({ pattern: 'x(.)' })).toThrow('two groups');
});
