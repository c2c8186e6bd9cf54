import { expect, it } from 'vitest';
import { makeExperiment, makePreflight, makeContext, makeRunView, makeSummary, testPlugin } from '../../../src/testing.ts';
import { Receiver } from '../../../test/helpers/receiver.ts';
import mlflow from './index.ts';
import { experimentBatch, pairs } from './records.ts';
import { mlflowService } from './service.ts';

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

it('tells of an experiment in five calls, and looks for it only where it could be there already', async () => {
  const receiver = new Receiver();
  await receiver.open();
  const found = { info: { run_id: 'r', artifact_uri: 'mlflow-artifacts:/1/r/artifacts' } };
  const answers = {
    'get-by-name': { experiment: { experiment_id: '1' } },
    'runs/search': { runs: [found] },
    'runs/create': { run: found },
  };
  receiver.answer = ({ path }) => {
    const [, answer = {}] = Object.entries(answers).find(([name]) => path.includes(name)) ?? [];
    return { status: 200, text: JSON.stringify(answer) };
  };
  process.env['TEST_MLFLOW'] = receiver.url;
  const options = { uriVariable: 'TEST_MLFLOW', experiment: 'x', tags: {}, artifacts: true, timeoutMs: 60_000, projectDir: '/project' };
  const service = mlflowService(options);
  const { signal } = new AbortController();
  const calls = async (isNew: boolean) => {
    receiver.received.length = 0;
    await service.experiment({ run: makeRunView(), summary: makeSummary(), at: 0, isNew, record: async () => makeExperiment() }, signal);
    return receiver.received.map(({ path }) => path.replace(/.*\/(?=runs|artifacts\/)/, '')).toSorted((a, b) => a.localeCompare(b));
  };
  try {
    await service.open?.(makeRunView(), signal);
    expect(await calls(true)).toEqual(['artifacts/record.json', 'runs/create', 'runs/log-batch', 'runs/log-batch', 'runs/update']);
    expect(await calls(false)).toEqual(['artifacts/record.json', 'runs/log-batch', 'runs/log-batch', 'runs/search', 'runs/update']);
  } finally {
    delete process.env['TEST_MLFLOW'];
    await receiver.close();
  }
});
