/** One plugin of each kind that keeps every law; an offender is one of them with a part replaced. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { better, definePlugin, ReasonError } from '../../src/plugin.ts';

const head = { apiVersion: 1, description: 'For tests.' } as const;

export const metric = definePlugin({
  ...head,
  kind: 'metric',
  name: 'pattern',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['word'],
    properties: { word: { type: 'string', description: 'The word before the number.' } },
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
export const metricTest = {
  options: { valid: [{ word: 'loss' }], invalid: [{}, { word: 1 }] },
  cases: { present: { output: 'loss=0.25', value: 0.25 }, missing: { output: 'nothing' } },
} as const;

export const NONE = { options: { valid: [{}], invalid: [{ x: 1 }] } } as const;

export const gate = definePlugin({
  ...head,
  kind: 'gate',
  name: 'better',
  schema: false,
  create: () => ({
    improvement: true,
    judge: ({ score }, { incumbent, objective }) =>
      better(score.value, incumbent?.score?.value ?? Number.NaN, objective.direction)
        ? { outcome: 'pass', code: 'BETTER', reason: 'It is better.' }
        : { outcome: 'fail', code: 'NOT_BETTER', reason: 'It is not better.' },
  }),
});

export const objective = definePlugin({
  ...head,
  kind: 'objective',
  name: 'mean',
  schema: false,
  create: () => ({
    metrics: ['loss'],
    label: 'loss',
    direction: 'minimize',
    score: (trials) => ({
      value: trials.reduce((sum, { metrics }) => sum + (metrics['loss'] ?? Number.NaN), 0) / trials.length,
      spread: 0,
      n: trials.length,
    }),
  }),
});

export const agent = definePlugin({
  ...head,
  kind: 'agent',
  name: 'doubler',
  schema: false,
  create: () => ({
    async propose({ cwd, signal }) {
      if (signal.aborted) return { status: 'failed', kind: 'cancelled', message: 'the run is being stopped' };
      const file = join(cwd, 'train.py');
      await writeFile(file, (await readFile(file, 'utf8')).repeat(2));
      return { status: 'proposed', report: { title: 'everything twice', source: 'tool' } };
    },
  }),
});
/** An agent that has agents of its own. */
export const team = definePlugin({
  ...head,
  kind: 'agent',
  name: 'by-turns',
  members: 'agents',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['agents'],
    properties: { agents: { type: 'array', description: 'The agents.' } },
  },
  create: () => ({ order: (members, { id }) => [...members.slice(id % members.length), ...members.slice(0, id % members.length)] }),
});
export const teamTest = { options: { valid: [{ agents: [] }], invalid: [{}] } } as const;

export const agentTest = { ...NONE, cases: { files: { 'train.py': 'lr = 1\n' } } } as const;

const withRun = {
  type: 'object',
  additionalProperties: false,
  required: ['run'],
  properties: { run: { type: 'array', minItems: 1, items: { type: 'string' }, description: 'The program.' } },
} as const;

export const trainer = definePlugin({
  ...head,
  kind: 'trainer',
  name: 'plain',
  schema: withRun,
  create: ({ run }, { exec }) => ({
    async train(request) {
      const { exit, exitCode, signal, seconds, peakMemoryMb } = await exec([run[0] ?? '', ...run.slice(1)], request);
      return { exit, exitCode, signal, seconds, peakMemoryMb };
    },
  }),
});
export const trainerTest = {
  options: { valid: [{ run: ['true'] }], invalid: [{}, { run: [] }] },
  cases: {
    hang: { options: { run: ['sh', '-c', 'sleep 60 & sleep 60'] } },
    fail: { options: { run: ['false'] } },
    print: { options: { run: ['echo', 'loss: 1'] }, line: 'loss: 1' },
  },
} as const;

export const reporter = definePlugin({
  ...head,
  kind: 'reporter',
  name: 'file',
  schema: false,
  create: (_options, { projectDir }) => ({ settled: ({ id }) => writeFile(join(projectDir, 'last'), String(id)) }),
});
