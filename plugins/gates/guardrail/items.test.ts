import { describe, expect, it } from 'vitest';
import type { Gate, GateResult, Item, ScoredExperiment, Trial } from '../../../src/plugin.ts';
import { createGenerator } from '../../../src/stats.ts';
import { makeContext, makeExperiment, makePreflight, makeRunView, makeTrial, testPlugin } from '../../../src/testing.ts';
import { makeFolder } from '../../../test/helpers/repo.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import guardrail from './index.ts';

type Options = Parameters<typeof guardrail.create>[0];
const DEFAULTS = {
  metric: 'errors',
  test: 'hard-limit',
  reference: 'anchor',
  alpha: 0.05,
  minItems: 300,
  quantile: 0.95,
  resamples: 2000,
  failsWhen: 1,
  flakeRetries: 2,
} as const;
const BINARY = { test: 'ni-paired-binary', worse: 'higher', margin: 0.01 } as const;

const gateOf = (options: Partial<Options>, projectDir = '/nowhere'): Gate =>
  guardrail.create({ ...DEFAULTS, ...options }, makeContext({ path: 'gates[1]', projectDir }));
const itemsOf = (values: readonly number[], group?: (index: number) => string): Item[] =>
  values.map((value, index) => ({ id: `i${index}`, value, ...(group && { group: group(index) }) }));
const trialOf = (items: readonly Item[], index = 0): Trial => makeTrial({ index, metrics: { errors: 0 }, items: { errors: items } });
const candidateOf = (...lists: (readonly Item[])[]): ScoredExperiment =>
  makeExperiment({ state: 'scored', id: 7, trials: lists.map(trialOf) });
const against = (...lists: (readonly Item[])[]) => makeRunView({ anchor: makeExperiment({ id: 0, trials: lists.map(trialOf) }) });
const ask = async (options: Partial<Options>, candidate: ScoredExperiment, run: ReturnType<typeof against>): Promise<GateResult> => {
  const result = await gateOf(options).judge?.(candidate, run);
  if (result === undefined) throw new Error('no judgement');
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  return result;
};
/** n items of which the first ones fail. */
const failing = (count: number, n: number) => itemsOf(Array.from({ length: n }, (_, index) => (index < count ? 1 : 0)));

testPlugin(guardrail, {
  options: {
    valid: [
      { metric: 'score', test: 'ni-mean', worse: 'higher', margin: 0.1, minItems: 1 },
      { metric: 'score', test: 'no-new-failures', critical: ['a'] },
    ],
    invalid: [
      { metric: 'score', test: 'superiority' },
      { metric: 'score', max: 1, alpha: 0 },
      { metric: 'score', max: 1, reference: 'incumbent' },
    ],
  },
});

describe('options that do not go together are refused', () => {
  it.each([
    [{ test: 'ni-mean', worse: 'higher' }, 'needs a margin'],
    [{ test: 'ni-mean', margin: 1 }, 'higher or lower'],
    [{ test: 'ni-quantile', worse: 'higher', margin: 0.1 }, 'a ratio above 1'],
    [{ test: 'ni-paired-binary', worse: 'higher', margin: 2 }, 'a rate below 1'],
    [{ test: 'hard-limit' }, 'neither max nor min'],
    [{ test: 'hard-limit', max: 1, margin: 1 }, 'belongs to one of the ni- tests'],
    [{ ...BINARY, critical: ['a'] }, 'belong to no-new-failures'],
    [{ test: 'no-new-failures', critical: ['a'], criticalFile: 'b' }, 'both'],
  ] as const)('%j', (options, message) => expect(() => gateOf(options)).toThrow(message));
});

describe('ni-paired-binary', () => {
  it('passes where the margin is ruled out, by the bound of Agresti and Min', async () => {
    const result = await ask(BINARY, candidateOf(failing(20, 3000)), against(failing(10, 3000)));
    // b = 10.5, c = 0.5, N = 3002: (10 + 1.64485 sqrt(11 - 100 / 3002)) / 3002 = 0.005146.
    expect(result).toMatchObject({
      outcome: 'pass',
      code: 'NOT_WORSE',
      evidence: { n: 3000, broken: 10, fixed: 0, reference: 'anchor #0', margin: 0.01 },
    });
    expect(result.evidence?.['upper']).toBeCloseTo(0.005146, 5);
  });

  it('says that it cannot tell, and how many items would', async () => {
    const result = await ask(BINARY, candidateOf(failing(22, 1000)), against(failing(15, 1000)));
    expect(result).toMatchObject({ outcome: 'fail', code: 'INCONCLUSIVE' });
    const needed = Number(result.evidence?.['needed']);
    expect(result.reason).toContain(`about ${needed} items would be needed`);
    expect(needed).toBeGreaterThan(1000);
    const scaled = await ask(
      BINARY,
      candidateOf(failing(Math.round(0.022 * needed * 1.5), Math.round(needed * 1.5))),
      against(failing(Math.round(0.015 * needed * 1.5), Math.round(needed * 1.5))),
    );
    expect(scaled.code).toBe('NOT_WORSE');
  });

  it('fails what is worse, and counts the way round where lower is worse', async () => {
    expect(await ask(BINARY, candidateOf(failing(60, 1000)), against(failing(10, 1000)))).toMatchObject({
      code: 'GUARDRAIL',
      reason: expect.stringContaining('5 points worse'),
    });
    const right = { ...BINARY, worse: 'lower' } as const;
    expect(await ask(right, candidateOf(failing(10, 1000)), against(failing(60, 1000)))).toMatchObject({ code: 'GUARDRAIL' });
    expect(await ask(right, candidateOf(failing(60, 1000)), against(failing(10, 1000)))).toMatchObject({ outcome: 'pass' });
  });

  it('rests on minItems at least', async () => {
    expect(await ask(BINARY, candidateOf(failing(0, 299)), against(failing(0, 299)))).toMatchObject({
      outcome: 'fail',
      code: 'INCONCLUSIVE',
      reason: expect.stringContaining('at least 300'),
    });
    expect(await ask(BINARY, candidateOf(failing(0, 600)), against(failing(0, 600)))).toMatchObject({ outcome: 'pass' });
  });

  it('compares as many trials as both have, by majority', async () => {
    const [good, bad] = [failing(0, 600), failing(60, 600)];
    expect(await ask(BINARY, candidateOf(good), against(good, bad, bad))).toMatchObject({ outcome: 'pass', evidence: { trials: 1 } });
    expect(await ask(BINARY, candidateOf(good, bad, good), against(good, good, good))).toMatchObject({
      outcome: 'pass',
      evidence: { trials: 3, broken: 0 },
    });
    expect(await ask(BINARY, candidateOf(bad, bad, good), against(good, good, good))).toMatchObject({
      code: 'GUARDRAIL',
      evidence: { broken: 60 },
    });
  });

  it('takes 0 and 1 only', async () => {
    await expect(ask(BINARY, candidateOf(itemsOf([0.5, 1])), against(itemsOf([0, 1])))).rejects.toMatchObject({ code: 'GUARD_NOT_BINARY' });
  });
});

describe('items that are missing fail the guard', () => {
  it('where the candidate leaves out what the anchor has', async () => {
    const result = await ask(BINARY, candidateOf(failing(0, 2998)), against(failing(0, 3000)));
    expect(result).toMatchObject({
      outcome: 'fail',
      code: 'GUARD_NO_ITEMS',
      reason: '2 of 3000 items of errors were not measured: i2998, i2999',
    });
    expect(await ask(BINARY, makeExperiment({ state: 'scored', trials: [makeTrial()] }), against(failing(0, 3000)))).toMatchObject({
      code: 'GUARD_NO_ITEMS',
    });
  });

  it('where the anchor has none, of the group asked for', async () => {
    expect(await ask(BINARY, candidateOf(failing(0, 400)), makeRunView())).toMatchObject({ code: 'GUARD_NO_ITEMS' });
    const grouped = itemsOf([1, 0, 0, 0], (index) => (index === 0 ? 'vat' : 'free'));
    const clean = itemsOf([0, 0, 0, 0], (index) => (index === 0 ? 'vat' : 'free'));
    const mean = { test: 'ni-mean', worse: 'higher', margin: 0.1, minItems: 1 } as const;
    expect(await ask({ ...mean, group: 'tax' }, candidateOf(grouped), against(clean))).toMatchObject({
      code: 'GUARD_NO_ITEMS',
      reason: expect.stringContaining('group tax'),
    });
    expect(await ask({ ...mean, group: 'free' }, candidateOf(grouped), against(clean))).toMatchObject({
      outcome: 'pass',
      evidence: { n: 3 },
    });
    expect(await ask({ ...mean, group: 'vat' }, candidateOf(grouped), against(clean))).toMatchObject({
      outcome: 'fail',
      evidence: { n: 1 },
    });
  });
});

/** 400 values around 100 with a spread of 10, from a seed. */
const latencies = (seed: number, factor: number, add = 0) => {
  const random = createGenerator(seed);
  return itemsOf(Array.from({ length: 400 }, () => factor * (100 + 10 * (random.unit() + random.unit() + random.unit() - 1.5)) + add));
};

describe('ni-mean', () => {
  const mean = { test: 'ni-mean', worse: 'higher', margin: 2 } as const;
  it('compares means, item by item, in the unit of the metric', async () => {
    expect(await ask(mean, candidateOf(latencies(1, 1, 1.5)), against(latencies(1, 1)))).toMatchObject({ outcome: 'pass' });
    expect(await ask(mean, candidateOf(latencies(1, 1, 2.5)), against(latencies(1, 1)))).toMatchObject({ code: 'GUARDRAIL' });
    expect(await ask({ ...mean, worse: 'lower' }, candidateOf(latencies(1, 1, -2.5)), against(latencies(1, 1)))).toMatchObject({
      code: 'GUARDRAIL',
    });
    expect(await ask({ ...mean, margin: 0.5 }, candidateOf(latencies(1, 1)), against(latencies(2, 1)))).toMatchObject({
      code: 'INCONCLUSIVE',
    });
  });
});

describe('ni-quantile', () => {
  const p95 = { test: 'ni-quantile', worse: 'higher', margin: 1.1 } as const;
  it('compares a quantile as a ratio, and the same redraws every time', async () => {
    const passed = await ask(p95, candidateOf(latencies(1, 1.05)), against(latencies(1, 1)));
    expect(passed).toMatchObject({ outcome: 'pass', reason: expect.stringContaining('5 % worse') });
    expect(await ask(p95, candidateOf(latencies(1, 1.05)), against(latencies(1, 1)))).toEqual(passed);
    expect(await ask(p95, candidateOf(latencies(1, 1.2)), against(latencies(1, 1)))).toMatchObject({ code: 'GUARDRAIL' });
  });

  it('of a speed, looks at the slow end', async () => {
    const speed = { ...p95, worse: 'lower' } as const;
    expect(await ask(speed, candidateOf(latencies(1, 0.8)), against(latencies(1, 1)))).toMatchObject({ code: 'GUARDRAIL' });
    expect(await ask(speed, candidateOf(latencies(1, 1.2)), against(latencies(1, 1)))).toMatchObject({ outcome: 'pass' });
    await expect(ask(p95, candidateOf(itemsOf([0])), against(itemsOf([1])))).rejects.toMatchObject({ code: 'GUARD_NOT_POSITIVE' });
  });
});

describe('no-new-failures', () => {
  const none = { test: 'no-new-failures' } as const;
  const clean = failing(0, 10);

  it('passes what failed before, and nothing else', async () => {
    expect(await ask(none, candidateOf(failing(2, 10)), against(failing(2, 10)))).toMatchObject({
      outcome: 'pass',
      code: 'NO_NEW_FAILURES',
    });
    expect(await ask(none, candidateOf(failing(0, 10)), against(failing(2, 10)))).toMatchObject({ outcome: 'pass' });
    expect(await ask({ ...none, failsWhen: 0 }, candidateOf(failing(10, 10)), against(failing(10, 10)))).toMatchObject({ outcome: 'pass' });
    expect(await ask({ ...none, failsWhen: 0, flakeRetries: 0 }, candidateOf(failing(9, 10)), against(failing(10, 10)))).toMatchObject({
      code: 'GUARDRAIL',
    });
  });

  it('asks for another trial while one can still change what the majority says', async () => {
    expect(await ask(none, candidateOf(failing(1, 10)), against(clean))).toMatchObject({
      outcome: 'more',
      code: 'FLAKY',
      reason: expect.stringContaining('i0'),
    });
    expect(await ask(none, candidateOf(failing(1, 10), clean), against(clean))).toMatchObject({ outcome: 'more' });
    expect(await ask(none, candidateOf(failing(1, 10), clean, clean), against(clean))).toMatchObject({
      outcome: 'pass',
      reason: expect.stringContaining('now and then'),
    });
    expect(await ask(none, candidateOf(failing(1, 10), failing(1, 10)), against(clean))).toMatchObject({
      outcome: 'fail',
      code: 'GUARDRAIL',
    });
    expect(await ask(none, candidateOf(failing(1, 10), clean, failing(1, 10)), against(clean))).toMatchObject({ outcome: 'fail' });
    expect(await ask({ ...none, flakeRetries: 0 }, candidateOf(failing(1, 10)), against(clean))).toMatchObject({ outcome: 'fail' });
  });

  it('never asks without end: an item that is not in every trial fails', async () => {
    expect(await ask(none, candidateOf(failing(1, 10), failing(0, 10).slice(1)), against(clean))).toMatchObject({
      outcome: 'fail',
      code: 'GUARD_NO_ITEMS',
    });
  });

  it('looks at critical items only, from the config or a file', async () => {
    expect(await ask({ ...none, critical: ['i5'] }, candidateOf(failing(3, 10)), against(clean))).toMatchObject({
      outcome: 'pass',
      evidence: { items: 1 },
    });
    expect(await ask({ ...none, critical: ['i99'] }, candidateOf(failing(3, 10)), against(clean))).toMatchObject({
      code: 'GUARD_NO_ITEMS',
    });
    const dir = makeFolder();
    const gate = gateOf({ ...none, criticalFile: 'critical.txt', flakeRetries: 0 }, dir);
    const { preflight, problems } = makePreflight({});
    await gate.verify?.(preflight);
    expect(problems).toMatchObject([{ code: 'PREFLIGHT_FAILED' }]);
    writeFileSync(join(dir, 'critical.txt'), 'i2\n\n i7 \r\n');
    await gate.verify?.(preflight);
    expect(problems).toHaveLength(1);
    expect(await gate.judge?.(candidateOf(failing(3, 10)), against(clean))).toMatchObject({
      outcome: 'fail',
      reason: expect.stringContaining('1 of 2 items'),
    });
    expect(await gate.judge?.(candidateOf(failing(2, 10)), against(clean))).toMatchObject({ outcome: 'pass' });
  });
});

it('limits hold beside a test of items', async () => {
  const both = { ...BINARY, max: 0.5 };
  const over = makeExperiment({ state: 'scored', trials: [makeTrial({ metrics: { errors: 0.6 }, items: { errors: failing(0, 600) } })] });
  expect(await ask(both, over, against(failing(0, 600)))).toMatchObject({ code: 'GUARDRAIL', reason: 'errors 0.6 is above its limit 0.5' });
  expect(await ask(both, candidateOf(failing(0, 600)), against(failing(0, 600)))).toMatchObject({
    code: 'NOT_WORSE',
    evidence: { limits: { max: 0.5 } },
  });
});

it('a pass rate at the margin is at most alpha, and an unchanged candidate passes', async () => {
  const random = createGenerator(5);
  const flips = (n: number, broken: number, fixed: number) => {
    const before = Array.from({ length: n }, () => (random.unit() < 0.02 ? 1 : 0));
    const after = before.map((value) => (value === 1 ? (random.unit() < fixed / 0.02 ? 0 : 1) : random.unit() < broken / 0.98 ? 1 : 0));
    return [itemsOf(before), itemsOf(after)] as const;
  };
  const rate = async (broken: number, fixed: number) => {
    let passed = 0;
    for (let night = 0; night < 300; night++) {
      const [before, after] = flips(1000, broken, fixed);
      if ((await ask(BINARY, candidateOf(after), against(before))).outcome === 'pass') passed++;
    }
    return passed / 300;
  };
  expect(await rate(0.005, 0.005)).toBeGreaterThan(0.87);
  expect(await rate(0.015, 0.005)).toBeLessThan(0.1);
});
