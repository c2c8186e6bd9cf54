import { expect, it } from 'vitest';
import { makeContext, makeTrial, testPlugin } from '../../../src/testing.ts';
import guardrail from './index.ts';

const trials = (...values: (number | undefined)[]) => ({
  trials: values.map((value, index) => makeTrial({ index, metrics: { score: 1, ...(value !== undefined && { vram: value }) } })),
});

testPlugin(guardrail, {
  options: {
    valid: [
      { metric: 'vram', max: 100 },
      { metric: 'vram', min: 0, max: 0 },
    ],
    invalid: [{}, { max: 1 }, { metric: 'vram', max: '1' }],
  },
  cases: [
    { name: 'within', experiment: trials(50), expect: 'pass' },
    { name: 'at the limit', experiment: trials(100), expect: 'pass' },
    { name: 'above', experiment: trials(100.5), expect: 'fail' },
    { name: 'above in one trial of three', experiment: trials(1, 101, 1), expect: 'fail' },
    { name: 'below the least', options: { metric: 'vram', min: 10 }, experiment: trials(50, 9), expect: 'fail' },
    { name: 'not measured', experiment: trials(undefined), expect: 'fail' },
    { name: 'not measured in one trial', experiment: trials(1, undefined), expect: 'fail' },
    { name: 'no trial', experiment: { trials: [] }, expect: 'fail' },
  ],
});

it('a guardrail that guards nothing is refused', () => {
  expect(() => guardrail.create({ metric: 'vram', test: 'hard-limit' } as never, makeContext({ path: 'gates[1]' }))).toThrow(/max|min/);
});
