import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProject, run, set, stepsAgent, type Ran } from '../helpers/project.ts';
import type { TestRepo } from '../helpers/repo.ts';
import { PYTHON } from './installed.ts';
import { mlflowHistory, readMlflow, readTensorboard, readWandb, tagOf } from './read.ts';
import { collected, collector, mlflow, tensorboard, type Service } from './servers.ts';

/** One run with everything that can be reported: a keep, a discard, a crash, params, curves, an audit, hostile texts. */
const HOSTILE = 'it\'s <b>"bold"</b> `x` | ::error::no %0A [a](https://evil.example) \u202e 💥';
let mlflowServer: Service;
let otel: Service;
const started: Service[] = [];
let folder: string;
let repo: TestRepo;
let ran: Ran;
const TRAIN = 'v=$(cat value.txt); for i in 1 2 3 4; do echo "curve: 0.$((i * 2)) $v"; done; [ $v != crash ] || exit 3; echo "loss: $v"\n';
const VARIABLES = ['MLFLOW_TRACKING_URI', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_RESOURCE_ATTRIBUTES'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trackers-'));
  [mlflowServer, otel] = await Promise.all([mlflow(folder, started), collector(folder, started)]);
  process.env['MLFLOW_TRACKING_URI'] = mlflowServer.url;
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = otel.url;
  process.env['OTEL_RESOURCE_ATTRIBUTES'] = 'deployment.environment=test%2C1';
  repo = makeProject(
    {
      agent: stepsAgent([
        {
          ...set(0.5),
          title: HOSTILE,
          report: { hypothesis: HOSTILE, rationale: 'because', risks: [HOSTILE], params: { a$: 1, 'a#': 2, '../x': 'y', '': 3 } },
        },
        set(0.7),
        { ...set('crash'), title: 'crash' },
      ]),
      metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$', curve: String.raw`^curve: (\S+) (\S+)$` } } },
      gates: [{ use: 'min-delta' }, { use: 'audit', with: { runs: 2 } }],
      reporters: [
        { use: 'mlflow', with: { experiment: 'real', tags: { team: 'search' } } },
        { use: 'tensorboard' },
        { use: 'otlp' },
        { use: 'wandb', with: { python: PYTHON, mode: 'offline' } },
      ],
      budget: { experiments: 3 },
    },
    { 'train.sh': TRAIN },
    join(folder, 'project'),
  );
  ran = await run(repo.dir);
}, 600_000);
afterAll(async () => {
  await Promise.all(started.map((service) => service.stop()));
  for (const name of VARIABLES) delete process.env[name];
  rmSync(folder, { recursive: true, force: true });
});

it('reports a run to all of them without a warning', () => {
  expect(ran.experiments.map(({ verdict }) => verdict)).toEqual(['keep', 'keep', 'discard', 'crash']);
  expect(ran.messages.filter((message) => /mlflow|tensorboard|otlp|wandb/.test(message))).toEqual([]);
});

describe('mlflow', () => {
  it('has a run with a child for each experiment', async () => {
    const runs = await readMlflow(mlflowServer.url, 'real');
    const parent = runs.find((one) => tagOf(one, 'mlflow.parentRunId') === undefined);
    const children = runs.filter((one) => tagOf(one, 'mlflow.parentRunId') === parent?.info.run_id);
    expect(children).toHaveLength(4);
    expect(runs).toHaveLength(5);
    const states = children.map(
      (one) => `${tagOf(one, 'autoresearch.experiment')} ${tagOf(one, 'autoresearch.verdict')} ${one.info.status}`,
    );
    expect(states.toSorted()).toEqual(['0 keep FINISHED', '1 keep FINISHED', '2 discard FINISHED', '3 crash FAILED']);
    expect(parent?.info).toMatchObject({ run_name: 'night', status: 'FINISHED' });
    expect(tagOf(parent as never, 'team')).toBe('search');
    expect(tagOf(parent as never, 'autoresearch.audit.0')).toContain('gain shown');
    expect(await mlflowHistory(mlflowServer.url, parent?.info.run_id ?? '', 'score')).toEqual([
      [0, 1],
      [1, 0.5],
      [2, 0.7],
    ]);
    expect(await mlflowHistory(mlflowServer.url, parent?.info.run_id ?? '', 'audit_change')).toEqual([[1, -0.5]]);
  });

  it('has the numbers, params, curve, note and record of an experiment', async () => {
    const runs = await readMlflow(mlflowServer.url, 'real');
    const one = runs.find((child) => tagOf(child, 'autoresearch.experiment') === '1');
    if (one === undefined) throw new Error('it is not there');
    expect(Object.fromEntries(one.data.metrics?.map(({ key, value }) => [key, value]) ?? [])).toMatchObject({
      loss: 0.5,
      score: 0.5,
      delta: -0.5,
      'trial/loss': 0.5,
    });
    expect(await mlflowHistory(mlflowServer.url, one.info.run_id, 'curve/loss')).toEqual([200, 400, 600, 800].map((step) => [step, 0.5]));
    expect(Object.fromEntries(one.data.params?.map(({ key, value }) => [key, value]) ?? [])).toMatchObject({
      agent: 'steps',
      a_: '1',
      a__2: '2',
      x: 'y',
      _: '3',
    });
    expect(tagOf(one, 'mlflow.note.content')).toContain('\\<b\\>');
    const path = one.info.artifact_uri.replace('mlflow-artifacts:/', '');
    const record = (await (await fetch(`${mlflowServer.url}/api/2.0/mlflow-artifacts/artifacts/${path}/record.json`)).json()) as object;
    expect(record).toEqual(ran.experiments[1]);
  });
});

describe('tensorboard', () => {
  it('reads scalars, texts and curves from the files', () => {
    const found = readTensorboard(join(repo.dir, '.autoresearch/tensorboard'));
    // Live curves are sent every two seconds, and these trials take less.
    const kept = Object.keys(found).filter((name) => name !== 'night/live');
    expect(kept.toSorted()).toEqual(['night', 'night/curves/0000', 'night/curves/0001']);
    const rounded = (tag: string) => found['night']?.[tag]?.map(([step, value]) => [step, Number(Number(value).toFixed(6))]);
    expect(rounded('score')).toEqual([
      [0, 1],
      [1, 0.5],
      [2, 0.7],
    ]);
    expect(rounded('incumbent')).toEqual([
      [0, 1],
      [1, 0.5],
    ]);
    expect(rounded('audit/change')).toEqual([[1, -0.5]]);
    expect(found['night']?.['experiment/crash']?.[0]?.[1]).toContain('crash');
    expect(found['night/curves/0001']?.['curve/loss']).toEqual([200, 400, 600, 800].map((step) => [step, 0.5]));
  });

  it('shows them in its server', async () => {
    const server = await tensorboard(folder, started, join(repo.dir, '.autoresearch/tensorboard'));
    let points: unknown[] = [];
    for (let tries = 0; tries < 120 && points.length === 0; tries++) {
      const answer = await fetch(`${server.url}/data/plugin/scalars/scalars?run=night&tag=score`);
      if (answer.ok) points = (await answer.json()) as unknown[];
      else await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(points.map((point) => (point as number[])[1])).toEqual([0, 1, 2]);
  });
});

describe('otlp', () => {
  it('gives the collector one trace: run, experiments, and below them proposal, trials and gates', () => {
    const { spans } = collected(folder);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    const nameOf = (id: string | undefined) => spans.find(({ spanId }) => spanId === id)?.name;
    const edges = spans.map(({ name, parentSpanId }) => `${nameOf(parentSpanId) ?? ''} > ${name}`);
    expect(edges).toEqual(
      expect.arrayContaining([
        ' > run night',
        'run night > experiment 0',
        'run night > experiment 3',
        'experiment 1 > propose steps',
        'experiment 1 > trial 0',
        'experiment 1 > gate min-delta',
        'run night > audit of experiment 1',
      ]),
    );
    expect(spans.find(({ name }) => name === 'experiment 3')?.status.code).toBe(2);
    for (const span of spans) expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
  });

  it('gives it metrics and attributes of the resource', () => {
    const { metrics } = collected(folder);
    const values = (name: string) =>
      metrics.filter((one) => one.name === name).flatMap(({ gauge }) => gauge.dataPoints.map(({ asDouble }) => asDouble));
    expect(values('autoresearch.score')).toEqual([1, 0.5, 0.7]);
    expect(values('autoresearch.incumbent')).toEqual([1, 0.5]);
    expect(readFileSync(join(folder, 'received.jsonl'), 'utf8')).toContain('"test,1"');
  });
});

describe('wandb', () => {
  it('has a step for each experiment in its offline file', () => {
    const rows = readWandb(join(repo.dir, '.autoresearch'));
    expect(rows.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
    expect(rows.map(({ row }) => [row['experiment'], row['verdict'], row['score']])).toEqual([
      [0, 'keep', 1],
      [1, 'keep', 0.5],
      [2, 'discard', 0.7],
      [3, 'crash', undefined],
    ]);
  });
});
