import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeProject, problemsOf } from '../helpers/project.ts';
import type { TestRepo } from '../helpers/repo.ts';
import { Receiver } from '../helpers/receiver.ts';
import { startCli, type RunningCli } from '../helpers/run-cli.ts';
import { PYTHON } from './installed.ts';
import { mlflowHistory, readMlflow, readTensorboard, readWandb, tagOf } from './read.ts';
import { collected, collector, mlflow, type Service } from './servers.ts';

const EXPERIMENTS = 24;
/** Experiment 5 trains until the file `go` is there, so that its curve is shown live however fast the machine is. */
const trainUntil = (go: string): string => `v=$(cat value.txt); echo "curve: 0.2 $v"; sleep 0.3
if [ "$AUTORESEARCH_EXPERIMENT" = 5 ]; then until [ -e ${go} ]; do sleep 0.1; done; fi
echo "curve: 0.8 $v"; echo "loss: $v"
`;
const started: Service[] = [];
const receiver = new Receiver();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'night-'));
});
afterAll(async () => {
  await Promise.all([...started.map((service) => service.stop()), receiver.close()]);
  rmSync(folder, { recursive: true, force: true });
});

it('reports every experiment exactly once to each, though all of them are killed, and the run too', async () => {
  const [tracker, otel] = await Promise.all([mlflow(folder, started), collector(folder, started), receiver.open()]);
  const env = { MLFLOW_TRACKING_URI: tracker.url, OTEL_EXPORTER_OTLP_ENDPOINT: otel.url, AUTORESEARCH_WEBHOOK: receiver.url };
  const repo = makeProject(
    {
      agent: { use: './lab.mjs#quick', with: { calls: join(folder, 'calls') } },
      trainer: { use: 'command', with: { run: ['sh', 'train.sh'] }, timeout: '10m' },
      workspace: { readable: [folder] },
      metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$', curve: String.raw`^curve: (\S+) (\S+)$` } } },
      reporters: [
        { use: 'mlflow', with: { experiment: 'night', patienceMs: 120_000 } },
        { use: 'tensorboard' },
        { use: 'otlp', with: { patienceMs: 120_000 } },
        { use: 'wandb', with: { python: PYTHON, mode: 'offline', patienceMs: 120_000 } },
        { use: 'webhook', with: { on: ['keep', 'discard', 'crash'], patienceMs: 120_000 } },
      ],
      budget: { experiments: EXPERIMENTS },
    },
    { 'train.sh': trainUntil(join(folder, 'go')) },
    join(folder, 'project'),
  );
  const first = startCli(['run', '--name', 'night'], { cwd: repo.dir, env });
  await expect.poll(() => liveIn(tracker.url)).not.toEqual([]);
  writeFileSync(join(folder, 'go'), '');
  await settled(repo, 6, first);
  // The services die in the middle of the run, whatever they are at.
  await Promise.all([tracker.stop('SIGKILL'), otel.stop('SIGTERM'), receiver.close()]);
  await settled(repo, 10, first);
  await Promise.all([tracker.start(), otel.start(), receiver.open()]);
  await settled(repo, 15, first);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await startCli(['resume', 'night'], { cwd: repo.dir, env }).ended;
  expect(second).toMatchObject({ code: 0 });
  expect(await problemsOf(repo.dir)).toEqual([]);

  // Every fourth change is out of scope, and has no score.
  const all = Array.from({ length: EXPERIMENTS + 1 }, (_, id) => id);
  const runs = await readMlflow(tracker.url, 'night');
  const parents = runs.filter((one) => tagOf(one, 'mlflow.parentRunId') === undefined);
  expect(parents.map(({ info }) => info.run_name)).toEqual(['night']);
  const children = runs.filter((one) => tagOf(one, 'mlflow.parentRunId') === parents[0]?.info.run_id);
  expect(children.map((one) => Number(tagOf(one, 'autoresearch.experiment'))).toSorted((a, b) => a - b)).toEqual(all);
  expect(children.filter(({ info }) => info.status === 'RUNNING')).toEqual([]);
  const scores = await mlflowHistory(tracker.url, parents[0]?.info.run_id ?? '', 'score');
  expect(scores.map(([step]) => step)).toEqual(all.filter((id) => id % 4 !== 2));

  const scored = children.filter((one) => Number(tagOf(one, 'autoresearch.experiment')) % 4 !== 2);
  for (const { info } of scored)
    expect((await mlflowHistory(tracker.url, info.run_id, 'curve/loss')).map(([step]) => step)).toEqual([200, 800]);
  const live = await liveIn(tracker.url);

  const boards = readTensorboard(join(repo.dir, '.autoresearch/tensorboard'));
  const board = boards['night'];
  const drawn = boards['night/live']?.['live/loss']?.map(([step]) => step) ?? [];
  // A kill costs points that were not sent yet, and a trial that it cut short is drawn again.
  for (const [place, steps] of Object.entries({ mlflow: live, tensorboard: drawn })) {
    expect(steps.length, `${place}: ${steps.join(' ')}`).toBeGreaterThan(0);
    expect(steps.length - new Set(steps).size).toBeLessThanOrEqual(2);
  }
  expect(board?.['metric/experiment_seconds']?.map(([step]) => step)).toEqual(all);

  const { spans, metrics } = collected(folder);
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  const experiments = [...names.values()].filter((name) => name.startsWith('experiment ')).map((name) => Number(name.slice(11)));
  expect(experiments.toSorted((a, b) => a - b)).toEqual(all);
  const points = metrics.filter(({ name }) => name === 'autoresearch.experiment').flatMap(({ gauge }) => gauge.dataPoints);
  expect([...new Set(points.map(({ asDouble }) => asDouble))].toSorted((a, b) => a - b)).toEqual(all);

  expect(readWandb(join(repo.dir, '.autoresearch')).map(({ row }) => row['experiment'])).toEqual(all);
  expect([...new Set(receiver.keys)].filter((key) => !key.includes('done'))).toEqual(all.map((id) => `night/${id}`));
});

/** The steps of the points of running trials that MLflow has. */
async function liveIn(url: string): Promise<number[]> {
  const runs = await readMlflow(url, 'night');
  const parent = runs.find((one) => tagOf(one, 'mlflow.parentRunId') === undefined);
  return parent === undefined ? [] : (await mlflowHistory(url, parent.info.run_id, 'live/loss')).map(([step]) => step);
}

/** Waits until the ledger has so many experiments. */
async function settled(repo: TestRepo, count: number, run: RunningCli): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    const has =
      repo.git('for-each-ref', 'refs/autoresearch/night/ledger') === ''
        ? 0
        : Number(repo.git('rev-list', '--first-parent', '--count', 'refs/autoresearch/night/ledger'));
    // The opening record is one more.
    if (has > count) return;
    if (run.child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the run does not get to ${count} experiments: ${run.stderr()}`);
}
