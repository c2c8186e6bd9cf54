import { expect, it } from 'vitest';
import { makeContext, makeExperiment, makeTrial, testPlugin } from '../../../src/testing.ts';
import diffSize from './index.ts';

type Diff = { files: number; added: number; removed: number };

const measure = (count: 'changed' | 'added' | 'removed' | 'net', diff: Diff | null) =>
  diffSize
    .create({ count }, makeContext({ label: 'size' }))
    .measure({ trial: makeTrial(), experiment: makeExperiment({ state: 'committed', diff }), cwd: '/', output: async () => '' });

testPlugin(diffSize, {
  options: { valid: [{}, { count: 'net' }], invalid: [{ count: 'lines' }] },
  cases: {
    present: { experiment: { diff: { files: 1, added: 4, removed: 2 } }, value: 6 },
    missing: { experiment: { diff: null } },
    nan: false,
  },
});

it('diff-size counts lines', () => {
  const diff = { files: 2, added: 7, removed: 3 };
  expect((['changed', 'added', 'removed', 'net'] as const).map((count) => measure(count, diff))).toEqual([10, 7, 3, 4]);
});

it('diff-size refuses a candidate without a diff', () => {
  expect(() => measure('net', null)).toThrow('size: the candidate has no diff');
});
