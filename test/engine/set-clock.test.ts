import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeProject, problemsOf, resume, run, set, stepsAgent, verdicts } from '../helpers/project.ts';

const HOUR = 3_600_000;
const RealDate = Date;

/** A clock that somebody sets at every moment: each reading is hours off the one before, in both directions. */
beforeEach(() => {
  let readings = 0;
  const now = () => RealDate.now() + HOUR * ([0, -1, 5, -9, 2][readings++ % 5] ?? 0);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args) => (args.length === 0 ? new target(now()) : Reflect.construct(target, args)) as object,
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
});
afterEach(() => void (globalThis.Date = RealDate));

const values = [0.9, 0.8, 0.95, 0.7, 0.6];
const busy = { failed: 'busy', kind: 'rate-limit', retryAfterMs: 20, attempts: 1 };
const ALL = ['#0 keep BASELINE', '#1 keep IMPROVED', '#2 keep IMPROVED', '#3 discard NOT_BETTER', '#4 keep IMPROVED', '#5 keep IMPROVED'];

it.each([
  { slots: 'one slot', parts: {} },
  { slots: 'two slots with lookahead', parts: { slots: { count: 2 }, lookahead: 1 } },
])('a clock that is set again and again costs $slots neither time nor order, and no rest takes longer', async ({ parts }) => {
  const agent = stepsAgent(values.map((value, index) => ({ ...set(value), ...(index === 1 && busy) })));
  const repo = makeProject({ agent, ...parts, budget: { time: '30m', experiments: 3 } });
  const began = performance.now();
  await run(repo.dir);
  const { experiments, end } = await resume(repo.dir, { budget: { time: '30m', experiments: 5 } });
  const took = (performance.now() - began) / 1000;
  expect(end.reason.code).toBe('BUDGET_EXPERIMENTS');
  if (!('slots' in parts)) expect(verdicts(experiments)).toEqual(ALL);
  expect(experiments).toHaveLength(ALL.length);
  for (const { seconds, wallSeconds = seconds } of experiments) {
    expect(seconds).toBeGreaterThan(0);
    expect(wallSeconds).toBeGreaterThanOrEqual(0);
  }
  const wall = experiments.reduce((sum, { seconds, wallSeconds = seconds }) => sum + wallSeconds, 0);
  expect(wall).toBeLessThanOrEqual(took + 0.001 * experiments.length);
  expect(await problemsOf(repo.dir)).toEqual([]);
});
