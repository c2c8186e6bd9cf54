import { expect, it } from 'vitest';
import { makeContext, makeExperiment, makeTrial, testPlugin } from '../../../src/testing.ts';
import duration from './index.ts';

testPlugin(duration, {
  options: { valid: [{}], invalid: [{ unit: 'ms' }] },
  cases: { present: { trial: { seconds: 12.5 }, value: 12.5 }, missing: false },
});

it('duration is the time of the trial as the engine measured it', () => {
  const metric = duration.create({}, makeContext());
  const measure = (seconds: number) =>
    metric.measure({
      trial: makeTrial({ seconds }),
      experiment: makeExperiment({ state: 'committed' }),
      cwd: '/',
      output: async () => 'seconds: 1',
    });
  expect([measure(12.5), measure(0.25)]).toEqual([12.5, 0.25]);
});
