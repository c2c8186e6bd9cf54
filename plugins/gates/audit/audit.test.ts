import { describe, expect, it } from 'vitest';
import {
  ReasonError,
  type Audit,
  type AuditOccasion,
  type Direction,
  type Finding,
  type Judgement,
  type RunView,
  type Trial,
} from '../../../src/plugin.ts';
import { createGenerator, mean, normalQuantile, standardDeviation } from '../../../src/stats.ts';
import { makeContext, makeExperiment, makeRunView, makeSummary, makeTrial, testPlugin } from '../../../src/testing.ts';
import audit from './index.ts';

type Options = Parameters<typeof audit.create>[0];
const DEFAULTS: Options = { atEnd: true, runs: 3, transform: 'none', onFail: 'rollback' };

testPlugin(audit, {
  options: {
    valid: [{}, { everyKeeps: 5, runs: 5, transform: 'log', onFail: 'report' }],
    invalid: [{ everyKeeps: 0 }, { runs: 1 }, { onFail: 'stop' }],
  },
});

const anchor = makeExperiment({ id: 0, candidate: 'anchor', parent: 'anchor', delta: null });
const final = makeExperiment({ id: 4, candidate: 'final', parent: 'third', delta: -0.25 });
const confirmed = makeExperiment({ id: 2, candidate: 'second' });
const history = [
  makeSummary({ id: 0, verdict: 'keep', candidate: 'anchor', parent: 'anchor', delta: null }),
  makeSummary({ id: 1, incumbent: 0, verdict: 'keep', candidate: 'undone', parent: 'anchor', delta: -9 }),
  makeSummary({ id: 2, incumbent: 0, verdict: 'keep', candidate: 'second', parent: 'anchor', delta: -0.5 }),
  makeSummary({ id: 3, incumbent: 2, verdict: 'keep', candidate: 'third', parent: 'second', delta: -0.125 }),
  makeSummary({ id: 4, incumbent: 3, verdict: 'keep', candidate: 'final', parent: 'third', delta: -0.25 }),
];

interface World {
  readonly truth: Readonly<Record<string, number>>;
  readonly sigma: number;
  readonly night: number;
}

/** A trainer of known truth and noise: the noise comes from seed and content. */
function trialIn({ truth, sigma, night }: World, commit: string, seed: number): Trial {
  const level = truth[commit];
  if (level === undefined) throw new Error(`no such commit ${commit}`);
  const noise = sigma * normalQuantile(createGenerator(seed, night, commit.length).unit());
  return makeTrial({ commit, seed, metrics: { score: level + noise } });
}

interface Played {
  readonly occasion: AuditOccasion;
  readonly measured: { readonly commit: string; readonly seed: number }[];
}

function occasionIn(world: World, more: Partial<AuditOccasion> = {}): Played {
  const measured: { commit: string; seed: number }[] = [];
  const occasion: AuditOccasion = {
    at: 'end',
    final,
    anchor,
    confirmed,
    keeps: 1,
    async measure(commit, seed) {
      measured.push({ commit, seed });
      return trialIn(world, commit, seed);
    },
    async score(trials) {
      const scores = trials.map(({ metrics }) => metrics['score'] ?? Number.NaN);
      return { value: mean(scores), spread: standardDeviation(scores), n: scores.length };
    },
    guard: async () => [],
    ...more,
  };
  return { occasion, measured };
}

const viewOf = (more: Partial<RunView> = {}) => makeRunView({ history, anchor, baseline: anchor, incumbent: final, ...more });
const maximizing = viewOf({ objective: { label: 'score', direction: 'maximize' } });
const plain: World = { truth: { anchor: 1, final: 0.9 }, sigma: 0.01, night: 1 };

async function find({ occasion }: Played, run: RunView = viewOf(), options: Partial<Options> = {}): Promise<Finding> {
  const found = await audit.create({ ...DEFAULTS, ...options }, makeContext()).audit?.(occasion, run);
  if (found === undefined) throw new Error('no audit');
  return found;
}
const asAudit = (found: Finding): Audit => ({
  ...found,
  at: '',
  occasion: 'end',
  final: { id: 4, commit: 'final' },
  anchor: { id: 0, commit: 'anchor' },
});

describe('an audit is due', () => {
  const isDue = async (options: Partial<Options>, more: Partial<AuditOccasion>, run = viewOf()) =>
    (await audit.create({ ...DEFAULTS, ...options }, makeContext()).audit?.(occasionIn(plain, more).occasion, run)) !== undefined;

  it('after so many keeps, where they are asked for', async () => {
    expect(await isDue({}, { at: 'keeps', keeps: 99 })).toBe(false);
    expect(await isDue({ everyKeeps: 5 }, { at: 'keeps', keeps: 4 })).toBe(false);
    expect(await isDue({ everyKeeps: 5 }, { at: 'keeps', keeps: 5 })).toBe(true);
    expect(await isDue({ everyKeeps: 5 }, { at: 'keeps', keeps: 6 })).toBe(true);
  });

  it('at the end, unless the last one has said it already, or could not be done', async () => {
    expect(await isDue({ atEnd: false }, { keeps: 3 })).toBe(false);
    expect(await isDue({}, { keeps: 3 })).toBe(true);
    const done = asAudit(await find(occasionIn(plain)));
    expect(await isDue({}, { keeps: 0 }, viewOf({ audits: [done] }))).toBe(false);
    expect(await isDue({}, { keeps: 0 }, viewOf({ audits: [{ ...done, claim: { ...done.claim, df: 0 } }] }))).toBe(true);
  });
});

describe('the trials', () => {
  it('are interleaved, each pair on one seed that neither the loop nor another audit uses', async () => {
    const first = occasionIn(plain);
    const found = await find(first);
    expect(first.measured.map(({ commit }) => commit[0])).toEqual(['f', 'a', 'a', 'f', 'f', 'a']);
    const seeds = first.measured.map(({ seed }) => seed);
    expect([seeds[0], seeds[2], seeds[4]]).toEqual([seeds[1], seeds[3], seeds[5]]);
    const second = occasionIn(plain);
    await find(second, viewOf({ audits: [asAudit(found)] }));
    const all = [...new Set([...seeds, ...second.measured.map(({ seed }) => seed)])];
    expect(all).toHaveLength(6);
    for (const seed of all) expect(seed - viewOf().seed).toBeGreaterThan(1000);
    expect(found.trials.final.map(({ commit }) => commit)).toEqual(['final', 'final', 'final']);
    expect(await find(occasionIn(plain))).toEqual(found);
  });

  it.each([0, 1, 2 ** 31 - 1, 2 ** 32 - 1])('of a run with seed %d have seeds that any program can take', async (seed) => {
    const played = occasionIn(plain);
    await find(played, viewOf({ seed }));
    for (const { seed: fresh } of played.measured) {
      expect(Number.isInteger(fresh) && fresh >= 0 && fresh < 2 ** 31).toBe(true);
      expect(fresh < seed || fresh > seed + 1000).toBe(true);
    }
  });
});

describe('the claim', () => {
  it('says in plain words what is shown', async () => {
    const found = await find(occasionIn(plain));
    expect(found).toMatchObject({ raw: -0.875, rolledBack: false, failures: [], claim: { df: 4, shown: 'gain' } });
    expect(found.text).toMatch(/^gain shown: score −0\.\d{3} \(95 % −0\.\d{3} to −0\.\d{3}\)$/);
    expect((await find(occasionIn({ ...plain, truth: { anchor: 1, final: 1 } }))).text).toMatch(
      /^no gain shown: score [−+]?0\.\d+ \(95 % −0\.\d+ to \+0\.\d+\)$/,
    );
    const loss = await find(occasionIn({ ...plain, truth: { anchor: 1, final: 1.2 } }));
    expect(loss).toMatchObject({ claim: { shown: 'loss' }, rolledBack: true });
    expect(loss.text).toMatch(/^loss shown: score \+0\.\d+ \(95 % \+0\.\d+ to \+0\.\d+\); back to #2$/);
  });

  it('of a metric without noise is what it is', async () => {
    expect((await find(occasionIn({ ...plain, sigma: 0 }))).text).toBe('gain shown: score −0.1000 (95 % −0.1000 to −0.1000)');
    expect((await find(occasionIn({ ...plain, sigma: 0, truth: { anchor: 1, final: 1 } }))).text).toBe(
      'no gain shown: score 0 (95 % 0 to 0)',
    );
  });

  it('keeps the signs as measured where more is better', async () => {
    const maximize = viewOf({ objective: { label: 'acc', direction: 'maximize' } });
    const found = await find(occasionIn({ ...plain, truth: { anchor: 1, final: 1.1 } }), maximize);
    expect(found.claim.shown).toBe('gain');
    expect(found.claim.low).toBeGreaterThan(0);
    expect(found.claim.high).toBeGreaterThan(found.claim.value);
    expect(found.text).toMatch(/^gain shown: acc \+0\.\d+ \(95 % \+/);
  });

  it('never claims less noise than the loop has, and learns from earlier audits', async () => {
    const width = ({ claim }: Finding) => claim.high - claim.low;
    const own = await find(occasionIn(plain));
    const noisy = await find(occasionIn(plain), viewOf({ noise: { sigma: 0.1, df: 9, source: 'repeats' } }));
    expect(noisy.claim.shown).toBe('none');
    expect(width(noisy)).toBeGreaterThan(3 * width(own));
    const later = await find(occasionIn({ ...plain, night: 2 }), viewOf({ audits: [asAudit(own)] }));
    expect(later.claim.df).toBe(8);
  });

  it('of ratios sees a gain that the noise of the slow side hides', async () => {
    const times: Record<string, number[]> = { anchor: [160, 75, 170], final: [18, 9, 21] };
    const latencies = () => {
      const left = structuredClone(times);
      return occasionIn(plain, {
        measure: async (commit, seed) => makeTrial({ commit, seed, metrics: { score: left[commit]?.shift() ?? 0 } }),
      });
    };
    const noise = { sigma: 55, df: 2, source: 'repeats' } as const;
    const run = viewOf({ noise, anchor: makeExperiment({ id: 0, candidate: 'anchor', score: { value: 130, spread: 55, n: 3 } }) });
    expect((await find(latencies(), run)).claim.shown).toBe('none');
    const { claim } = await find(latencies(), run, { transform: 'log' });
    expect(claim.shown).toBe('gain');
    expect(claim.value).toBeCloseTo(Math.cbrt(18 * 9 * 21) - Math.cbrt(160 * 75 * 170), 6);
    expect(claim.low).toBeLessThan(claim.value);
    expect([claim.high < 0, claim.low > -130]).toEqual([true, true]);
    const zero = await find(occasionIn({ ...plain, truth: { anchor: 0, final: 0 }, sigma: 0 }), run, { transform: 'log' });
    expect(zero.text).toContain('SCORE_NOT_POSITIVE');
  });

  const repeat = async (effect: number, sigma: number | null, direction: Direction = 'minimize') => {
    const found: Finding[] = [];
    for (let night = 0; night < 1000; night++) {
      const run = viewOf({ objective: { label: 'score', direction }, noise: sigma === null ? null : { sigma, df: 20, source: 'repeats' } });
      found.push(await find(occasionIn({ truth: { anchor: 1, final: 1 + effect }, sigma: 0.01, night }), run));
    }
    const share = (holds: (found: Finding) => boolean) => found.filter(holds).length / found.length;
    return {
      covered: share(({ claim }) => claim.low <= effect && effect <= claim.high),
      gain: share(({ claim }) => claim.shown === 'gain'),
      loss: share(({ claim }) => claim.shown === 'loss'),
    };
  };

  it('covers the truth as often as it says', async () => {
    for (const effect of [0, -0.02, 0.05]) {
      const { covered } = await repeat(effect, null, effect > 0 ? 'maximize' : 'minimize');
      expect(covered).toBeGreaterThan(0.93);
      expect(covered).toBeLessThan(0.97);
    }
  });

  it('shows no gain where there is none', async () => {
    const { gain, loss } = await repeat(0, 0.01);
    expect(gain).toBeLessThan(0.025);
    expect(loss).toBeLessThan(0.025);
    expect((await repeat(-0.05, 0.01)).gain).toBeGreaterThan(0.95);
  });
});

describe('a score that is the mean of items', () => {
  /** Items that are right or wrong, by side, the same in every trial; a night draws other items of the same kind. */
  const right = (side: string, item: number, night: number, rate: number) =>
    createGenerator(item, night, side.length).unit() < rate ? 1 : 0;
  const occasionOf = (rates: Readonly<Record<string, number>>, night: number, items = 200) =>
    occasionIn(plain, {
      async measure(commit, seed) {
        const list = Array.from({ length: items }, (_, item) => ({ id: `${item}`, value: right(commit, item, night, rates[commit] ?? 0) }));
        return makeTrial({ commit, seed, metrics: { score: mean(list.map(({ value }) => value)) }, items: { score: list } });
      },
    });

  it('is not sure of a gain because the same items give the same answer three times', async () => {
    let gains = 0;
    for (let night = 0; night < 300; night++) {
      const { claim } = await find(occasionOf({ anchor: 0.8, final: 0.8 }, night), maximizing);
      if (claim.shown === 'gain') gains++;
    }
    expect(gains / 300).toBeLessThan(0.05);
    const real = await find(occasionOf({ anchor: 0.5, final: 0.8 }, 6), maximizing);
    expect(real.claim).toMatchObject({ shown: 'gain' });
    expect(real.claim.high - real.claim.low).toBeGreaterThan(0.1);
  });

  it('covers the truth of other items of the same kind as often as it says', async () => {
    let covered = 0;
    for (let night = 0; night < 500; night++) {
      const { claim } = await find(occasionOf({ anchor: 0.7, final: 0.8 }, night, 100), maximizing);
      if (claim.low <= 0.1 && claim.high >= 0.1) covered++;
    }
    expect(covered / 500).toBeGreaterThan(0.92);
    expect(covered / 500).toBeLessThan(0.98);
  });
});

describe('the guards', () => {
  const judgement = (outcome: Judgement['outcome']): Judgement => ({
    gate: 'guardrail',
    outcome,
    code: 'GUARDRAIL',
    reason: 'errors 2 points worse',
  });

  it('that fail on fresh trials take the run back, or only say so', async () => {
    const failing = { guard: async () => [judgement('fail')] };
    const back = await find(occasionIn(plain, failing));
    expect(back).toMatchObject({ rolledBack: true, failures: ['guardrail GUARDRAIL: errors 2 points worse'], claim: { shown: 'gain' } });
    expect(back.text).toMatch(/; failed on fresh trials: guardrail GUARDRAIL: errors 2 points worse; back to #2$/);
    const said = await find(occasionIn(plain, failing), viewOf(), { onFail: 'report' });
    expect(said).toMatchObject({ rolledBack: false, failures: [expect.stringContaining('errors')] });
  });

  it('that ask for more get more, up to a limit', async () => {
    const asked: number[] = [];
    const undecided = occasionIn(plain, { guard: async (trials) => [judgement(asked.push(trials.length) < 3 ? 'more' : 'pass')] });
    expect(await find(undecided)).toMatchObject({ rolledBack: false, trials: { final: { length: 5 }, anchor: { length: 5 } } });
    expect(asked).toEqual([3, 4, 5]);
    const endless = occasionIn(plain, { guard: async () => [judgement('more')] });
    expect(await find(endless)).toMatchObject({ rolledBack: true, trials: { final: { length: 6 } } });
  });
});

describe('a trial that fails', () => {
  const failingAt = (seeds: (seed: number) => boolean) => {
    const played: Played = occasionIn(plain, {
      async measure(commit, seed) {
        played.measured.push({ commit, seed });
        if (seeds(seed)) throw new ReasonError('TRIAL_FAILED', 'the trainer ended with exit code 3');
        return trialIn(plain, commit, seed);
      },
    });
    return played;
  };

  it('is tried once more, as a pair, with another seed', async () => {
    const [first] = (await find(occasionIn(plain))).trials.final;
    const played = failingAt((seed) => seed === first?.seed);
    const found = await find(played);
    expect(found).toMatchObject({ claim: { shown: 'gain', df: 4 }, trials: { final: { length: 3 }, anchor: { length: 3 } } });
    expect(found.trials.final.map(({ seed }) => seed)).toEqual(found.trials.anchor.map(({ seed }) => seed));
    expect(found.trials.final[0]?.seed).not.toBe(first?.seed);
  });

  it('twice means that the audit could not be done, and the run goes on', async () => {
    const found = await find(failingAt(() => true));
    expect(found).toMatchObject({ claim: { shown: 'none', df: 0 }, rolledBack: false, trials: { final: [], anchor: [] } });
    expect(found.text).toBe('no gain shown: the audit could not be done: TRIAL_FAILED: the trainer ended with exit code 3');
  });

  it('is not a failure of the code', async () => {
    const broken = occasionIn(plain, { measure: async () => Promise.reject(new Error('a bug')) });
    await expect(find(broken)).rejects.toThrow('a bug');
  });
});
