import { expect, it } from 'vitest';
import { makeExperiment, makePreflight, makeContext, testPlugin } from '../../../src/testing.ts';
import mlflow from './index.ts';
import { experimentBatch, pairs } from './records.ts';

testPlugin(mlflow, {
  options: {
    valid: [{ patienceMs: 50 }, { experiment: 'nanochat', tags: { team: 'search' }, artifacts: false }],
    invalid: [{ uri: 'http://a.example' }, { tags: { a: 1 } }, { experiment: '' }],
  },
});

// What servers do with all of this is tested against real ones in test/trackers.

it.each([
  ['', 'mlflow: the variable TEST_MLFLOW is not set'],
  ['sqlite:///secret.db', 'mlflow: TEST_MLFLOW holds no address that begins with http:// or https://'],
  ['http://', 'mlflow: TEST_MLFLOW holds no address that begins with http:// or https://'],
])('says before the run that %j is no address', async (value, message) => {
  process.env['TEST_MLFLOW'] = value;
  const { preflight, problems } = makePreflight({});
  const options = { uriVariable: 'TEST_MLFLOW', experiment: 'x', tags: {}, artifacts: true, live: true, timeoutMs: 1, patienceMs: 1 };
  await mlflow.create(options, makeContext()).verify?.(preflight);
  delete process.env['TEST_MLFLOW'];
  expect(problems.map((problem) => problem.message)).toEqual([message]);
  expect(JSON.stringify(problems)).not.toContain('secret');
});

it('gives params different names, since each can have one value', () => {
  const names = pairs({ a$: 1, 'a#': 2, a_: 3, '../x': 4, '/x': 5, '': 6, '..': 7, none: null }).map(({ key }) => key);
  expect(names).toEqual(['a_', 'a__2', 'a__3', 'x', 'x_2', '_', '__2']);
});

it('gives the same metrics, with the same times, however often it is asked', () => {
  expect(experimentBatch(makeExperiment())).toEqual(experimentBatch(makeExperiment()));
});
