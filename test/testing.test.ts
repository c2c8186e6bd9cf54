import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { definePlugin, ReasonError, type AnyDefinition, type OptionsSchema, type TrialRequest } from '../src/plugin.ts';
import { exec } from '../src/process/exec.ts';
import {
  makeBrief,
  makeContext,
  makeExperiment,
  makeRunView,
  makeTrial,
  testPlugin,
  type PluginTest,
  type Runner,
} from '../src/testing.ts';

const NONE = { options: { valid: [{}], invalid: [] } } as const;

/** Runs the laws and answers the names of those that failed, with their messages. */
async function failures<const D extends AnyDefinition>(definition: D, given: PluginTest<D['kind']>): Promise<Record<string, string>> {
  const bodies: [string, () => Promise<void>][] = [];
  const runner: Runner = { describe: (_name, body) => body(), it: (name, body) => bodies.push([name, body]) };
  testPlugin(definition, { ...given, runner });
  const failed: Record<string, string> = {};
  for (const [name, body] of bodies) await body().catch((error: unknown) => void (failed[name] = String(error)));
  return failed;
}

const pattern = definePlugin({
  kind: 'metric',
  name: 'pattern',
  apiVersion: 1,
  description: 'Reads a number after a word.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['word'],
    properties: { word: { type: 'string', description: 'The word.' } },
  },
  create: ({ word }) => ({
    async measure(input) {
      const text = new RegExp(`${word}=(\\S+)`).exec(await input.output())?.[1];
      const value = Number(text ?? Number.NaN);
      if (!Number.isFinite(value)) throw new ReasonError('METRIC_MISSING', `${word} is not in the output`);
      return value;
    },
  }),
});

const improvement = definePlugin({
  kind: 'gate',
  name: 'smaller',
  apiVersion: 1,
  description: 'Only ever looks whether the number is smaller.',
  schema: false,
  create: () => ({
    judge: ({ score }, { incumbent }) =>
      score.value < (incumbent?.score?.value ?? Infinity)
        ? { outcome: 'pass', code: 'BETTER', reason: 'It is smaller.' }
        : { outcome: 'fail', code: 'NOT_BETTER', reason: 'It is not smaller.' },
  }),
});

const sleeper = (
  train: (
    request: TrialRequest,
    exec: ReturnType<typeof makeContext>['exec'],
  ) => Promise<{ exit: 'failed' | 'aborted' | 'timed-out' | 'completed' | 'stopped' }>,
) =>
  definePlugin({
    kind: 'trainer',
    name: 'sleeper',
    apiVersion: 1,
    description: 'Sleeps in the foreground and in the background.',
    schema: false,
    create: (_options, context) => ({
      train: async (request) => ({ exitCode: null, signal: null, seconds: 1, peakMemoryMb: null, ...(await train(request, context.exec)) }),
    }),
  });
const hang = { ...NONE, cases: { hang: { options: {} } } } as const;

describe('testPlugin', () => {
  testPlugin(pattern, {
    options: { valid: [{ word: 'loss' }], invalid: [{}, { word: 1 }] },
    cases: { present: { output: 'loss=0.25', value: 0.25 }, missing: { output: 'nothing' } },
  });

  testPlugin(
    sleeper((request, run) => run(['bash', '-c', 'sleep 60 & sleep 60'], { ...request })),
    hang,
  );

  it('fails a metric that answers 0 for a missing value', async () => {
    const zero = {
      ...pattern,
      create: () => ({
        measure: async (input: { output(): Promise<string> }) => Number(/loss=([\d.]+)/.exec(await input.output())?.[1] ?? 0),
      }),
    };
    const failed = await failures(zero, {
      options: { valid: [{ word: 'loss' }], invalid: [] },
      cases: { present: { output: 'loss=0.25', value: 0.25 }, missing: { output: 'nothing' } },
    });
    expect(Object.keys(failed)).toContain('refuses a missing value instead of answering a number');
    expect(Object.keys(failed)).toContain('refuses NaN');
  });

  it('fails a trainer that forgets its grandchildren, and ends them', async () => {
    const forgetful = sleeper(async (request) => {
      const { spawn } = await import('node:child_process');
      spawn('bash', ['-c', 'sleep 60 & sleep 60'], { cwd: request.cwd, env: request.env, detached: true, stdio: 'ignore' }).unref();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { exit: 'timed-out' };
    });
    const failed = await failures(forgetful, hang);
    expect(failed['ends a trial at its timeout and leaves no process behind']).toContain('processes are left behind');
  }, 60_000);

  it('fails a gate that assumes a direction', async () => {
    const failed = await failures(improvement, NONE);
    expect(Object.keys(failed)).toContain('decides the same for mirrored scores and direction: much better');
    expect(Object.keys(failed)).not.toContain('decides the same for the same input: much better');
  });

  it('fails a gate that remembers its last input', async () => {
    let calls = 0;
    const moody = {
      ...improvement,
      create: () => ({ judge: () => ({ outcome: calls++ % 2 === 0 ? 'pass' : 'fail', code: 'MOOD', reason: 'Because.' }) as const }),
    };
    expect(Object.keys(await failures(moody, NONE))).toContain('decides the same for the same input: equal');
  });

  it('fails a plugin that changes a record', async () => {
    const vandal = {
      ...improvement,
      create: () => ({
        judge: (experiment: object) => ({ ...Object.assign(experiment, { id: 9 }), outcome: 'pass', code: 'X', reason: 'x' }) as const,
      }),
    };
    expect(Object.values(await failures(vandal, NONE)).join()).toContain('read only property');
  });

  it('fails an open schema, an option without description, and an accepted wrong value', async () => {
    const schema = {
      type: 'object',
      additionalProperties: true,
      properties: { a: { type: 'object', properties: { b: { type: 'number' } } } },
    };
    const open = { ...improvement, schema: schema as unknown as OptionsSchema };
    const failed = await failures(open, { options: { valid: [{}], invalid: [{ c: 1 }] } });
    expect(Object.keys(failed)).toEqual(
      expect.arrayContaining([
        'has a closed schema, or false for no options',
        'describes every option',
        'refuses the invalid options and unknown keys',
      ]),
    );
    expect(failed['describes every option']).toContain('with.a.b');
  });

  it('fails a plugin that starts a program in create, or answers something else', async () => {
    const eager = definePlugin({
      ...improvement,
      create: (_options, context) => (void context.exec(['true']), { judge: () => ({ outcome: 'pass', code: 'X', reason: 'x' }) }),
    });
    const name = 'creates an instance of its kind without reading, writing or starting anything';
    expect((await failures(eager, NONE))[name]).toContain('must not start a program');
    const wrong = definePlugin({ ...improvement, kind: 'agent', create: () => ({}) as never });
    expect((await failures(wrong, NONE))[name]).toContain('propose');
  });

  it('fails an objective that scores nothing, and passes one that refuses', async () => {
    const mean = (fallback: number) =>
      definePlugin({
        kind: 'objective',
        name: 'mean',
        apiVersion: 1,
        description: 'The mean of one metric.',
        schema: false,
        create: () => ({
          metrics: ['loss'],
          label: 'loss',
          direction: 'minimize',
          score: (trials) => ({
            value: trials.reduce((sum, { metrics }) => sum + (metrics['loss'] ?? fallback), 0) / trials.length,
            spread: 0,
            n: trials.length,
          }),
        }),
      });
    expect(Object.keys(await failures(mean(0), NONE))).toEqual(['refuses trials that lack its metrics instead of scoring them']);
    expect(await failures(mean(Number.NaN), NONE)).toEqual({});
  });

  it('fails an agent with an answer the engine does not know', async () => {
    const odd = definePlugin({
      kind: 'agent',
      name: 'odd',
      apiVersion: 1,
      description: 'Odd.',
      schema: false,
      create: () => ({ propose: async () => ({ status: 'done' }) as never }),
    });
    expect(Object.keys(await failures(odd, NONE))).toContain('answers soon after it is aborted');
  });

  it('runs a reporter over every kind of experiment', async () => {
    const seen: string[] = [];
    const reporter = definePlugin({
      kind: 'reporter',
      name: 'ears',
      apiVersion: 1,
      description: 'Listens.',
      schema: false,
      create: () => ({ settled: ({ verdict }) => void seen.push(verdict) }),
    });
    expect(await failures(reporter, NONE)).toEqual({});
    expect(seen).toEqual(['keep', 'discard', 'crash']);
  });

  it('works under node:test', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'autoresearch-kit-'));
    const url = pathToFileURL(join(import.meta.dirname, '../src/testing.ts')).href;
    const gate = `{ kind: 'gate', name: 'g', apiVersion: 1, description: 'd', schema: false, create: () => ({ judge: () => ({ outcome: 'pass', code: 'X', reason: 'x' }) }) }`;
    await writeFile(
      join(folder, 'g.test.mjs'),
      `import { testPlugin } from '${url}';\ntestPlugin(${gate}, { options: { valid: [{}], invalid: [] } });\n`,
    );
    const env = { PATH: process.env['PATH'] ?? '' };
    const { exit, tail } = await exec([process.execPath, '--test', '--test-reporter=tap', join(folder, 'g.test.mjs')], {
      cwd: folder,
      env,
    });
    await rm(folder, { recursive: true });
    expect(tail).toContain('gate g');
    expect(tail).toMatch(/# pass (1[0-9]|2[0-9])/);
    expect(exit).toBe('completed');
  }, 30_000);
});

describe('the record makers', () => {
  it('give frozen records, with the fields asked for', () => {
    const experiment = makeExperiment({ state: 'scored', id: 7, trials: [makeTrial({ seed: 5 })] });
    expect(experiment.score.value).toBe(1);
    expect(experiment.trials[0]?.seed).toBe(5);
    expect(Object.isFrozen(experiment.trials[0]?.metrics)).toBe(true);
    expect(Object.isFrozen(makeRunView({ history: [] }).objective)).toBe(true);
    expect(makeExperiment().verdict).toBe('keep');
  });

  it('give a context that runs programs and a brief', async () => {
    const { tail } = await makeContext().exec(['echo', 'hello']);
    expect(tail.trim()).toBe('hello');
    expect(makeBrief({ id: 4 }).id).toBe(4);
  });
});
