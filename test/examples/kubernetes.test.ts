/** examples/kubernetes-trainer with the real client library, against a stand-in for the API server and its node. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { exec } from '../../src/process/exec.ts';
import { makeFolder } from '../helpers/repo.ts';
import { FakeKubernetes, kubeconfig, type Fate } from './fake-kubernetes.ts';
import { npmEnv } from './places.ts';
import { cli, copyOf, run } from './try-out.ts';

interface Tried {
  readonly id: number;
  readonly verdict: string;
  readonly reason: { readonly code: string; readonly text: string };
  readonly trials: readonly { readonly exitCode?: number | null; readonly lost?: readonly { readonly cause: string }[] }[];
}

async function cluster(...fates: Fate[]) {
  const volume = makeFolder();
  const folder = join(volume, 'ada');
  mkdirSync(folder);
  const fake = new FakeKubernetes(volume);
  fake.fates.push(...fates);
  onTestFinished(() => fake.close());
  const config = join(makeFolder(), 'kubeconfig');
  writeFileSync(config, kubeconfig(await fake.listen()));
  const dir = copyOf('kubernetes-trainer');
  const env = { KUBECONFIG: config, AUTORESEARCH_SHARED: folder };
  return { fake, folder, dir, env };
}

type Cluster = Awaited<ReturnType<typeof cluster>>;

const settings = (folder: string, ...more: string[]) =>
  [`folder=${folder}`, 'subPath=ada', 'pollSeconds=0.2', ...more].flatMap((each) => ['--set', `trainer.with.${each}`]);

/** A run with nothing but the baseline. */
async function baseline({ dir, folder, env }: Cluster, ...more: string[]) {
  const { code, text } = await cli(dir, ['run', '--name', 'tried', '--experiments', '1', ...settings(folder, ...more)], env);
  const logged = await cli(dir, ['log', '--json'], env);
  return { code, text, experiments: logged.code === 0 ? (JSON.parse(logged.text) as Tried[]) : [] };
}

const causes = ([first]: readonly Tried[]) => first?.trials.flatMap(({ lost = [] }) => lost.map(({ cause }) => cause));

test('has the types of the packed package and of the client library', async () => {
  const dir = copyOf('kubernetes-trainer');
  const compilerOptions = {
    target: 'es2024',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  };
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const { exitCode, tail } = await exec([join(dir, 'node_modules', '.bin', 'tsc'), '-p', '.'], {
    cwd: dir,
    env: npmEnv(),
    timeoutMs: 240_000,
  });
  expect(tail).toBe('');
  expect(exitCode).toBe(0);
});

test('keeps the laws of a trainer, and leaves no job', async () => {
  const { fake, dir, env, folder } = await cluster();
  // The cases know no path below the claim.
  fake.volume = folder;
  const { code, text } = await cli(dir, ['plugin', 'check', 'kubernetes.ts'], env);
  expect(text).toContain('holds   ends a trial at its timeout and leaves no process behind');
  expect(code, text).toBe(0);
  expect(fake.names).toEqual([]);
  expect(fake.deleted.map(({ propagationPolicy }) => propagationPolicy)).toContain('Foreground');
  expect(readdirSync(folder).filter((name) => name.startsWith('job.'))).toEqual([]);
});

test('keeps the rules of engines', async () => {
  const { fake, dir, env, folder } = await cluster();
  fake.volume = folder;
  const logFile = join(makeFolder(), 'output');
  const argv = [process.execPath, '--test', '--test-reporter=spec', 'engine.test.ts'] as const;
  const { exitCode } = await exec(argv, { cwd: dir, env: { ...npmEnv(), ...env }, timeoutMs: 280_000, logFile });
  const said = readFileSync(logFile, 'utf8');
  expect(said).toContain('keeps a job that is asked for longer than its lease');
  expect(exitCode, said).toBe(0);
  expect(fake.names).toEqual([]);
});

test('runs each trial as one job, which sees its own folder of the claim only', async () => {
  const { fake, dir, env, folder } = await cluster();
  const experiments = await run(dir, env, settings(folder));
  expect(experiments.some(({ id, verdict }) => id > 0 && verdict === 'keep')).toBe(true);
  const jobs = fake.created.filter(({ metadata }) => metadata.labels['autoresearch/run'] === 'tried');
  const lost = (experiments as unknown as Tried[]).flatMap((one) => causes([one]));
  expect(lost).toEqual([]);
  expect(jobs).toHaveLength(experiments.length);
  const [job] = jobs;
  const name = job?.metadata.name ?? '';
  expect(job?.metadata.labels).toMatchObject({
    'autoresearch/experiment': '0',
    'autoresearch/trial': '0',
    'autoresearch/attempt': '0',
    'autoresearch/key': name,
  });
  expect(job?.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 86_400 + 60 + 600, ttlSecondsAfterFinished: 3600 });
  const pod = job?.spec.template.spec;
  expect(pod).toMatchObject({ restartPolicy: 'Never', volumes: [{ persistentVolumeClaim: { claimName: 'trials' } }] });
  expect(pod?.containers[0]).toMatchObject({
    command: ['sh', '/autoresearch/worker.sh', 'run', name],
    resources: { requests: { cpu: '250m', memory: '64Mi' }, limits: { memory: '256Mi' } },
    volumeMounts: [
      { subPath: expect.stringMatching(`^ada/job\\.${name}\\.`), readOnly: false },
      { subPath: `ada/jobs/${name}`, readOnly: true },
      { subPath: 'ada/worker.sh', readOnly: true },
    ],
  });
  expect(fake.names).toEqual([]);
  expect(fake.deleted.some((each) => each.name === name && each.propagationPolicy === 'Background')).toBe(true);
});

test('measures again what was evicted or preempted', async () => {
  const one = await cluster('evicted', 'preempted');
  const { code, text, experiments } = await baseline(one, 'run=[sh, -c, "sleep 8; sh train.sh"]');
  expect(code, text).toBe(0);
  expect(causes(experiments)).toEqual([
    expect.stringMatching(/^its pod was taken away: Evicted: The node was low on resource: memory\.: .* said this$/),
    expect.stringMatching(/^its pod was taken away: PreemptionByScheduler: a more important pod/),
  ]);
  // Each attempt has a key of its own.
  const names = one.fake.created.filter(({ metadata }) => metadata.labels['autoresearch/experiment'] === '0');
  expect(new Set(names.map(({ metadata }) => metadata.name)).size).toBe(3);
  expect(one.fake.names).toEqual([]);
});

test('measures again what somebody deleted', async () => {
  const { code, text, experiments } = await baseline(await cluster('deleted'), 'run=[sh, -c, "sleep 8; sh train.sh"]');
  expect(code, text).toBe(0);
  expect(causes(experiments)).toEqual(['Kubernetes has its job no more: somebody deleted it, or it ended long ago']);
});

test('withdraws what finds no node in time, and says why', async () => {
  const one = await cluster('unschedulable');
  const { code, text, experiments } = await baseline(one, 'pendingSeconds=10');
  expect(code, text).toBe(0);
  const why = 'Unschedulable: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu.';
  expect(causes(experiments)).toEqual([`it was not started within 10 s (${why})`]);
  expect(one.fake.deleted[0]?.propagationPolicy).toBe('Foreground');
});

test('finds by its name a job whose creation was not answered', async () => {
  const one = await cluster();
  one.fake.cutsNext = true;
  const { code, text, experiments } = await baseline(one);
  expect(code, text).toBe(0);
  expect(causes(experiments)).toEqual([]);
  expect(one.fake.created).toHaveLength(experiments.length);
});

test('blames the program for too much memory, and the config for an image that cannot be', async () => {
  const memory = await baseline(await cluster('out-of-memory'), 'run=[sh, -c, "sleep 8"]');
  expect(memory.code).toBe(1);
  expect(memory.text).toContain('137');
  const image = await baseline(await cluster('bad-image'));
  expect(image.code).toBe(1);
  expect(image.text).toContain('InvalidImageName');
});

test('says before the run what the cluster refuses', async () => {
  const { fake, dir, env, folder } = await cluster();
  const claim = await cli(dir, ['check', ...settings(folder, 'claim=other')], env);
  expect(claim.text).toContain('the namespace ada has no claim other');
  fake.refusal = { code: 403, message: 'User "ada" cannot create resource "jobs"' };
  const refused = await cli(dir, ['check', ...settings(folder)], env);
  expect(refused.text).toContain('Kubernetes answered 403: User "ada" cannot create resource "jobs"');
  fake.close();
  const gone = await cli(dir, ['check', ...settings(folder)], env);
  expect(gone.text).toContain('the API server could not be asked');
  expect(gone.text).toContain('ECONNREFUSED');
  expect([claim.code, refused.code, gone.code]).toEqual([3, 3, 3]);
});
