import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/plugin.ts';
import { eventsOf, numbersOf, ofType } from '../helpers/events.ts';
import { makeProject, resume, run, set, stepsAgent, RUN } from '../helpers/project.ts';

const CURVE = '^at (\\S+) loss (\\S+)$';
const loss = { use: 'regex', with: { pattern: '^loss: (.+)$', curve: CURVE } };
const TRAIN = 'for s in 0.25 0.5 0.75; do echo "at $s loss $(cat value.txt)"; done; echo "loss: $(cat value.txt)"\n';

/** On a busy machine, what one trial prints comes in several batches. */
const BATCHES = ['trial-lines', 'curve-points'];
const told = (events: readonly RunEvent[], experiment: number) =>
  events
    .flatMap((event) => {
      if (!('experiment' in event) || event.experiment !== experiment) return [];
      return [event.type === 'stage-changed' ? event.stage : event.type];
    })
    .filter((name, at, names) => !BATCHES.includes(name) || names.indexOf(name) === at);

it('a run tells all that happens, in order, and a resumed one goes on with its numbers', async () => {
  const steps = [set(0.5), { bash: 'echo >value.txt' }, set(0.4), { noChange: true }];
  const repo = makeProject({ agent: stepsAgent(steps), metrics: { loss }, budget: { experiments: 2 } }, { 'train.sh': TRAIN });
  await run(repo.dir);
  const first = await eventsOf(repo.dir);
  expect(numbersOf(first)).toEqual({ first: 1, isWhole: true });
  expect(first[0]).toMatchObject({
    type: 'run-started',
    run: RUN,
    isResumed: false,
    settled: 0,
    objective: { label: 'loss' },
    pid: process.pid,
  });
  expect(first.at(-1)).toMatchObject({ type: 'run-ended', outcome: 'stopped', reason: { code: 'BUDGET_EXPERIMENTS' } });
  const measured = ['train', 'trial-started', 'trial-lines', 'curve-points', 'measure', 'trial-finished', 'judge', 'verdict'];
  expect(told(first, 0)).toEqual(['experiment-committed', ...measured]);
  expect(told(first, 1)).toEqual(['propose', 'proposal-started', 'proposal-finished', 'experiment-committed', 'screen', ...measured]);
  expect(
    ofType(first, 'experiment-committed')
      .slice(0, 2)
      .map(({ subject, files }) => [subject, ...files]),
  ).toEqual([['baseline'], ['change', 'value.txt']]);
  const curve = ofType(first, 'curve-points').filter(({ experiment }) => experiment === 1);
  expect(curve[0]).toMatchObject({ index: 0, slot: 'default', name: 'loss' });
  expect(curve.flatMap(({ points }) => points)).toEqual([
    [0.25, 0.5],
    [0.5, 0.5],
    [0.75, 0.5],
  ]);
  const lines = ofType(first, 'trial-lines').filter(({ experiment }) => experiment === 1);
  expect(lines.flatMap((batch) => batch.lines)).toEqual(['at 0.25 loss 0.5', 'at 0.5 loss 0.5', 'at 0.75 loss 0.5', 'loss: 0.5']);
  expect(ofType(first, 'trial-finished')[2]).toMatchObject({ exit: 'completed', failure: { code: 'METRIC_MISSING' }, metrics: {} });
  expect(ofType(first, 'verdict').map(({ row }) => [row.id, row.kind, row.verdict, row.code, row.score])).toEqual([
    [0, 'baseline', 'keep', 'BASELINE', 1],
    [1, 'change', 'keep', 'IMPROVED', 0.5],
    [2, 'change', 'crash', 'METRIC_MISSING', undefined],
  ]);

  await resume(repo.dir, { budget: { experiments: 4 } });
  const all = await eventsOf(repo.dir);
  expect(all.slice(0, first.length)).toEqual(first);
  expect(numbersOf(all)).toEqual({ first: 1, isWhole: true });
  expect(all[first.length]).toMatchObject({ type: 'run-started', isResumed: true, settled: 3 });
  expect(
    ofType(all, 'verdict')
      .map(({ row }) => row.code)
      .slice(3),
  ).toEqual(['IMPROVED', 'NO_CHANGE']);
});

it('a run with an audit tells of its trials and of what it found', async () => {
  const repo = makeProject({
    agent: stepsAgent([set(0.5), set(0.3)]),
    gates: [{ use: 'min-delta' }, { use: 'audit' }],
    trainer: { use: 'command', with: { run: ['sh', 'train.sh'] }, timeout: '20s', interleave: true },
  });
  const { end } = await run(repo.dir);
  const events = await eventsOf(repo.dir);
  expect(end.outcome).toBe('stopped');
  const subjects = ofType(events, 'trial-finished').map(({ experiment, subject }) => `${experiment} ${subject}`);
  expect(subjects.slice(0, 5)).toEqual(['0 baseline', '1 incumbent', '1 change', '2 change', '2 incumbent']);
  expect(subjects.slice(5).every((subject) => subject.endsWith('audit'))).toBe(true);
  expect(ofType(events, 'audit')).toMatchObject([{ occasion: 'end', final: 2, anchor: 0, isRolledBack: false }]);
});

it('warnings, failed agents and an interrupted run are told too', async () => {
  const stop = new AbortController();
  const broken = stepsAgent([{ failed: 'no login', kind: 'auth' }]);
  const hanging = { ...stepsAgent([{ sleepMs: 600_000 }]), name: 'hanging' };
  const repo = makeProject({ agent: [broken, hanging] });
  const ran = run(repo.dir, { signal: stop.signal });
  await expect.poll(async () => ofType(await eventsOf(repo.dir), 'proposal-started').length).toBe(2);
  stop.abort();
  await ran;
  const events = await eventsOf(repo.dir);
  expect(ofType(events, 'proposal-finished')).toMatchObject([{ status: 'failed', message: 'auth: no login' }, { status: 'failed' }]);
  expect(ofType(events, 'warning').map(({ text }) => text)).toContainEqual(expect.stringContaining('is not asked again'));
  expect(events.at(-1)).toMatchObject({ type: 'run-ended', outcome: 'interrupted' });
});
