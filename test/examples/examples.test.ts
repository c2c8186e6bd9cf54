/** Each folder of examples/ as its README says it is tried: copied, committed, run with the packed autoresearch. */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeFolder, openTestRepo } from '../helpers/repo.ts';
import { cli, copyOf, EXAMPLES, run, type Experiment } from './try-out.ts';

const names = readdirSync(EXAMPLES);

test.each(names)('%s says what it is, how to try it, and has a config', (name) => {
  const readme = readFileSync(join(EXAMPLES, name, 'README.md'), 'utf8');
  expect(readme).toContain(`cp -r examples/${name} /tmp/${name} && cd /tmp/${name}`);
  expect(readme).toContain('npx autoresearch run');
  expect(existsSync(join(EXAMPLES, name, 'autoresearch.config.yaml'))).toBe(true);
});

describe('sqlite-metric', () => {
  test('keeps the laws of a metric', async () => {
    const { code, text } = await cli(copyOf('sqlite-metric'), ['plugin', 'check', 'sqlite.ts']);
    expect(text).toContain('holds   refuses NaN');
    expect(code, text).toBe(0);
  });

  test('reads what the trial has written', async () => {
    const experiments = await run(copyOf('sqlite-metric'));
    expect(experiments[0]).toMatchObject({ id: 0, verdict: 'keep', metrics: { requests: 200 } });
    // 20 + 240 / 2 + 1.7 * 2 + the mean of 1..200 modulo 7.
    expect(experiments[0]?.metrics['latency_ms']).toBeCloseTo(143.4 + 2.99, 6);
    expect(Math.min(...experiments.map(({ score }) => score?.value ?? Infinity))).toBeLessThan(100);
  });

  test.each([
    ['select avg(ms) from answers', 'no such table: answers'],
    ['select avg(ms) from requests where id < 0', 'found null'],
    ['select ms from requests where id < 0', 'found no row'],
    ["select 'fast'", 'found "fast", not a number'],
    ['select 1, 2', 'more than one column'],
    ['delete from requests', 'readonly database'],
  ])('refuses what is no number: %s', async (query, reason) => {
    const dir = copyOf('sqlite-metric');
    const { code, text } = await cli(dir, ['run', '--set', `metrics.latency_ms.with.query=${query}`]);
    expect(code).toBe(1);
    expect(text).toContain(reason);
  });
});

describe('webhook-reporter', () => {
  /** A server on this machine, and what was posted to it. */
  async function listen(status: number | 'silent') {
    const posts: Record<string, unknown>[] = [];
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        posts.push(JSON.parse(text) as Record<string, unknown>);
        if (status !== 'silent') response.writeHead(status).end('thanks');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { posts, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
  }

  test('posts each keep, and the end', async () => {
    const { posts, url } = await listen(204);
    const experiments = await run(copyOf('webhook-reporter'), { AUTORESEARCH_WEBHOOK: url });
    const keeps = experiments.filter(({ verdict }) => verdict === 'keep').map(({ id }) => id);
    expect(keeps.length).toBeGreaterThan(1);
    expect(posts.filter(({ event }) => event === 'settled').map(({ experiment }) => (experiment as Experiment).id)).toEqual(keeps);
    expect(posts.at(-1)).toMatchObject({
      event: 'done',
      run: 'tried',
      objective: 'error',
      outcome: 'stopped',
      reason: { code: 'BUDGET_EXPERIMENTS' },
    });
  });

  test.each([
    [500, 10_000, 'the webhook answered 500'],
    ['silent', 200, 'timeout'],
  ] as const)('is only a warning in a run where the server answers %s', async (status, timeoutMs, warning) => {
    const { url } = await listen(status);
    const reporters = `reporters=[{use: ./webhook.ts, with: {timeoutMs: ${timeoutMs}}}]`;
    const args = ['run', '--name', 'tried', '--experiments', '2', '--set', reporters];
    const { code, text } = await cli(copyOf('webhook-reporter'), args, { AUTORESEARCH_WEBHOOK: url });
    expect(text).toMatch(new RegExp(`\\[plugin webhook\\] settled: .*${warning}`));
    expect(code).toBe(0);
  });

  test('says before the run that its address is missing', async () => {
    const { code, text } = await cli(copyOf('webhook-reporter'), ['check']);
    expect(text).toContain('webhook: AUTORESEARCH_WEBHOOK is not set');
    expect(code).toBe(3);
  });
});

describe('container-trainer, with a stand-in for docker', () => {
  function standIn() {
    const bin = makeFolder();
    const state = join(bin, 'state');
    mkdirSync(state);
    cpSync(join(import.meta.dirname, 'stand-in-docker.mjs'), join(bin, 'docker'));
    chmodSync(join(bin, 'docker'), 0o755);
    const calls = () =>
      readFileSync(join(state, 'calls.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as string[]);
    return { calls, env: { PATH: `${bin}:${process.env['PATH']}` } };
  }

  test('runs each trial as one container that sees the worktree only', async () => {
    const { calls, env } = standIn();
    const experiments = await run(copyOf('container-trainer'), env);
    expect(experiments.map(({ metrics }) => metrics['loss'] !== undefined)).toEqual(experiments.map(() => true));
    expect(experiments.some(({ id, verdict }) => id > 0 && verdict === 'keep')).toBe(true);
    const runs = calls().filter(([command]) => command === 'run');
    expect(runs).toHaveLength(experiments.length);
    const [first = []] = runs;
    expect(first.slice(0, 3)).toEqual(['run', '--rm', '--init']);
    expect(first).toEqual(expect.arrayContaining(['--network=none', '--workdir=/work', '--env=AUTORESEARCH_SEED']));
    expect(first.filter((arg) => arg.startsWith('--volume='))).toEqual([expect.stringMatching(/^--volume=\/.*\.autoresearch\/.*:\/work$/)]);
    expect(first.slice(-3)).toEqual(['docker.io/library/busybox:1.37', 'sh', 'train.sh']);
    // A trial that ended by itself has nothing to remove.
    expect(calls().some(([command]) => command === 'rm')).toBe(false);
  });

  test('keeps the laws of a trainer, and removes what it has to stop', async () => {
    const { calls, env } = standIn();
    const { code, text } = await cli(copyOf('container-trainer'), ['plugin', 'check', 'container.ts'], env);
    expect(text).toContain('holds   ends a trial at its timeout and leaves no process behind');
    expect(code, text).toBe(0);
    const named = (command: string, at: (args: string[]) => string | undefined) =>
      calls()
        .filter(([first]) => first === command)
        .map(at);
    const started = named('run', (args) => args.find((arg) => arg.startsWith('--name='))?.slice('--name='.length));
    const removed = named('rm', ([, force, name]) => (force === '--force' ? name : undefined));
    // At the timeout and on abort; the one that was aborted before it began has no container. The one that failed has gone.
    expect(removed.filter((name) => started.includes(name)).length).toBeGreaterThanOrEqual(3);
  });

  test('says before the run that the image is missing, or the engine', async () => {
    const { env } = standIn();
    const dir = copyOf('container-trainer');
    const image = await cli(dir, ['check', '--set', 'trainer.with.image=unknown:1'], env);
    expect(image.text).toContain('docker has no image unknown:1: Error: No such image: unknown:1');
    expect(image.text).toContain('docker pull unknown:1');
    const engine = await cli(dir, ['check', '--set', 'trainer.with.engine=podman'], env);
    expect(engine.text).toContain('podman cannot be started (ENOENT)');
    expect([image.code, engine.code]).toEqual([3, 3]);
  });
});

describe('custom-objective', () => {
  test('keeps the laws of an objective', async () => {
    const { code, text } = await cli(copyOf('custom-objective'), ['plugin', 'check', 'utility.ts']);
    expect(code, text).toBe(0);
  });

  test('finds what is worth most, which is neither the best accuracy nor the least waiting', async () => {
    const experiments = await run(copyOf('custom-objective'));
    const worth = ({ metrics }: Experiment) =>
      10_000 * 0.5 ** ((metrics['seconds'] ?? NaN) / 5) * ((metrics['accuracy'] ?? NaN) * 0.45 - 0.4);
    for (const experiment of experiments) expect(experiment.score?.value).toBeCloseTo(worth(experiment), 9);
    const best = experiments.toSorted((a, b) => worth(b) - worth(a))[0];
    expect(best?.verdict).toBe('keep');
    expect(best?.score?.value).toBeGreaterThan(experiments[0]?.score?.value ?? Infinity);
  });

  test('refuses what is no share of answers', async () => {
    const dir = copyOf('custom-objective');
    const repo = openTestRepo(dir);
    repo.write('answer.mjs', "console.log('accuracy: 12\\nseconds: 1');\n");
    repo.commit('measure in percent');
    const { code, text } = await cli(dir, ['run']);
    expect(code).toBe(1);
    expect(text).toContain('accuracy is 12, which is no share of answers');
  });
});

test('approval: its run ends, and what needs a human is parked', async () => {
  const experiments = await run(copyOf('approval'));
  expect(experiments.length).toBeGreaterThan(5);
});
