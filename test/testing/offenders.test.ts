/** Each law is broken by a plugin that breaks it, and by nothing else it does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { AnyDefinition, OptionsSchema, TrialRequest } from '../../src/plugin.ts';
import type { PluginTest } from '../../src/testing.ts';
import { brokenLaws } from './broken-laws.ts';
import { agent, agentTest, gate, metric, metricTest, NONE, objective, reporter, team, teamTest, trainer, trainerTest } from './lawful.ts';

type Offender = readonly [law: string, what: string, definition: AnyDefinition, given: PluginTest, came: string | RegExp];

/** A plugin with parts replaced; what an offender is does not fit the types it offends against. */
function offender<D extends AnyDefinition>(definition: D, parts: object): D {
  return { ...definition, ...parts };
}
const withRole = <D extends AnyDefinition>(definition: D, role: object): D => offender(definition, { create: () => role });
const test_ = (given: object): PluginTest => given as PluginTest;

test.each([
  ['metric', metric, metricTest],
  ['gate', gate, NONE],
  ['objective', objective, NONE],
  ['agent', agent, agentTest],
  ['team', team, teamTest],
  ['trainer', trainer, trainerTest],
  ['reporter', reporter, NONE],
] as [string, AnyDefinition, PluginTest][])('a lawful %s breaks no law', async (_kind, definition, given) => {
  expect(await brokenLaws(definition, given)).toEqual([]);
});

const CREATE = 'creates an instance of its kind without reading, writing or starting anything';
const judged = (code: string) => ({ outcome: 'pass', code, reason: 'Because.' });
const closed = { type: 'object', additionalProperties: false } as const;
const REFUSES = 'refuses the invalid options and unknown keys';

const DEFINITION: readonly Offender[] = [
  ['is a definition the loader accepts', 'a name in capitals', offender(gate, { name: 'MyGate' }), NONE, 'the name "MyGate"'],
  ['is a definition the loader accepts', 'another API', offender(gate, { apiVersion: 2 }), NONE, /^apiVersion 2, where/],
  ['is a definition the loader accepts', 'no description', offender(gate, { description: ' ' }), NONE, 'no description'],
  [
    'has a closed schema, or false for no options',
    'a map inside that is open',
    offender(gate, { schema: { ...closed, properties: { a: { type: 'object', properties: {}, description: 'A.' } } } }),
    NONE,
    /with\.a$/,
  ],
  [
    'describes every option',
    'a bare option',
    offender(gate, { schema: { ...closed, properties: { a: { ...closed, properties: { b: { type: 'number' } }, description: 'A.' } } } }),
    NONE,
    'none for with.a.b',
  ],
  ['accepts the valid options', 'no options at all', gate, test_({ options: { valid: [], invalid: [] } }), /^no set at all/],
  [
    REFUSES,
    'an accepted wrong value',
    offender(gate, { schema: { ...closed, properties: { n: { type: 'number', description: 'N.' } } } }),
    test_({ options: { valid: [{}], invalid: [{ n: -1 }] } }),
    'it accepts {"n":-1}',
  ],
  [
    'can be disposed twice',
    'a dispose that counts',
    offender(gate, {
      create: () => {
        let ended = false;
        const lawful = gate.create({}, undefined as never);
        return {
          ...lawful,
          dispose: () => {
            if (ended) throw new Error('already closed');
            ended = true;
          },
        };
      },
    }),
    NONE,
    'the second call of dispose failed: already closed',
  ],
];

const INERT: readonly Offender[] = [
  [
    CREATE,
    'a program',
    offender(gate, {
      create: (_: unknown, { exec }: { exec(argv: string[]): unknown }) => {
        void exec(['true']);
        return {};
      },
    }),
    NONE,
    /called context\.exec$/,
  ],
  [
    CREATE,
    'a program of its own',
    offender(gate, {
      create: () => {
        spawn('true');
        return {};
      },
    }),
    NONE,
    /called child_process\.spawn$/,
  ],
  [
    CREATE,
    'a file, though it catches the error',
    offender(gate, {
      create: () => {
        try {
          readFileSync('/etc/hosts');
        } catch {
          return gate.create({}, undefined as never);
        }
        return {};
      },
    }),
    NONE,
    /called fs\.readFileSync$/,
  ],
  [
    CREATE,
    'a file, a little later',
    offender(gate, {
      create: () => {
        void sleep(1)
          .then(() => readFile('/etc/hosts'))
          .catch(() => {});
        return gate.create({}, undefined as never);
      },
    }),
    NONE,
    /called fs\/promises\.readFile$/,
  ],
  [
    CREATE,
    'the network',
    offender(gate, {
      create: () => {
        void (async () => fetch('http://127.0.0.1:9'))().catch(() => {});
        return gate.create({}, undefined as never);
      },
    }),
    NONE,
    /called fetch$/,
  ],
  [CREATE, 'a promise', offender(reporter, { create: async () => ({}) }), NONE, 'create answered a promise'],
];

const METRIC: readonly Offender[] = [
  [
    'reads the value that is there, each time the same',
    'a metric that counts',
    offender(metric, { create: () => ({ measure: counting() }) }),
    metricTest,
    '1',
  ],
  [
    'refuses a missing value instead of answering a number',
    '0 for missing',
    withRole(metric, { measure: async (input: Input) => Number(/loss=(.+)/.exec(await input.output())?.[1] ?? 0) }),
    metricTest,
    'the number 0',
  ],
  [
    'refuses a missing value instead of answering a number',
    'a crash',
    withRole(metric, { measure: async (input: Input) => numberIn(/loss=(.+)/.exec(await input.output())?.[1] as string) }),
    metricTest,
    /^a crash and no refusal: TypeError/,
  ],
  [
    'refuses NaN',
    'digits only',
    withRole(metric, { measure: async (input: Input) => digits(await input.output()) }),
    metricTest,
    'the number 0.5',
  ],
  [
    'refuses NaN',
    'no way to try it',
    withRole(metric, { measure: async (input: Input) => half(await input.output()) }),
    test_({ ...metricTest, cases: { present: { output: '1/4', value: 0.25 }, missing: { output: '' } } }),
    /give cases\.nan/,
  ],
  [
    'refuses Infinity',
    'a cap',
    withRole(metric, { measure: async (input: Input) => capped(await input.output()) }),
    metricTest,
    'the number 9',
  ],
];

interface Input {
  output(): Promise<string>;
}
function counting(): (input: Input) => Promise<number> {
  return async (input) => {
    const text = /loss=(.+)/.exec(await input.output())?.[1];
    if (text === undefined || !Number.isFinite(Number(text))) throw new Error('no loss');
    return 1;
  };
}
const numberIn = (text: string): number => {
  const value = Number(text.trim());
  if (!Number.isFinite(value)) throw new Error('no number');
  return value;
};
const digits = (text: string): number => {
  if (!text.includes('loss')) throw new Error('no loss');
  const value = Number(/[\d.]+/.exec(text)?.[0] ?? 0.5);
  return text.includes('Infinity') ? Number.NaN : value;
};
const half = (text: string): number => (text === '1/4' ? 0.25 : Number.NaN);
const capped = (text: string): number => {
  const value = Number(/loss=(.+)/.exec(text)?.[1] ?? Number.NaN);
  return value === Infinity ? 9 : value;
};

const DECIDING: readonly Offender[] = [
  ['judges, screens, observes or audits', 'nothing to ask', withRole(gate, {}), NONE, 'a gate that never decides anything'],
  [
    'decides the same for the same input: equal',
    'a mood',
    withRole(gate, { judge: () => judged(String(Math.random())) }),
    NONE,
    /^first judge: pass 0\.\d+, then judge: pass 0/,
  ],
  [
    'decides the same for the same input: much better',
    'a memory',
    offender(gate, {
      create: () => {
        let calls = 0;
        return { judge: () => judged(`CALL_${++calls}`) };
      },
    }),
    NONE,
    'first judge: pass CALL_1, then judge: pass CALL_2',
  ],
  [
    'decides the same for the same input: worse',
    'an observer with a mood',
    offender(gate, {
      create: () => ({ ...gate.create({}, undefined as never), observe: () => ({ stop: { code: String(Math.random()), text: 'So.' } }) }),
    }),
    NONE,
    /observe: stop 0/,
  ],
  [
    'decides the same for mirrored scores and direction: worse',
    'an assumed direction',
    withRole(gate, { judge: ({ score }: Scored) => ({ ...judged(score.value < 1 ? 'BETTER' : 'NOT_BETTER') }) }),
    NONE,
    'judge: pass NOT_BETTER for minimize, judge: pass BETTER mirrored',
  ],
  [
    'decides as expected: a tie',
    'another outcome',
    gate,
    test_({ ...NONE, cases: [{ name: 'a tie', expect: 'pass' }] }),
    'judge: fail NOT_BETTER',
  ],
  [
    'leaves what it is given as it is',
    'a changed record',
    withRole(gate, { judge: (experiment: object) => judged(Object.assign(experiment, { id: 'X' }).id) }),
    NONE,
    /Cannot assign to read only property 'id'.*, in: decides the same/,
  ],
  [
    'says what its score is called, where it should go and what it is made of',
    'no direction',
    withRole(objective, { ...objective.create({}, undefined as never), direction: 'down' }),
    NONE,
    'the direction "down"',
  ],
  [
    'gives a finite score, and the same one for the same trials',
    'chance',
    withRole(objective, {
      ...objective.create({}, undefined as never),
      score: (trials: readonly Scores[]) => ({ value: trials[0]?.metrics['loss'] === undefined ? NaN : Math.random(), spread: 0, n: 1 }),
    }),
    NONE,
    /^first \{"value":0/,
  ],
  [
    'refuses trials that lack its metrics instead of scoring them',
    'a score of nothing',
    withRole(objective, {
      ...objective.create({}, undefined as never),
      score: (trials: readonly Scores[]) => ({ value: trials[0]?.metrics['loss'] ?? 0, spread: 0, n: 1 }),
    }),
    NONE,
    /^the score 0 of trials without metrics/,
  ],
];

interface Scored {
  readonly score: { readonly value: number };
}
interface Scores {
  readonly metrics: Readonly<Record<string, number>>;
}

const ACTING: readonly Offender[] = [
  [
    'answers soon after it is aborted',
    'an unknown answer',
    withRole(agent, {
      propose: async ({ signal }: { signal: AbortSignal }) =>
        signal.aborted ? { status: 'exhausted', reason: 'Stopped.' } : { status: 'done' },
    }),
    agentTest,
    'the unknown answer {"status":"done"}',
  ],
  [
    'answers when it was aborted before it began',
    'a throw',
    withRole(agent, {
      propose: async ({ signal }: { signal: AbortSignal }) => {
        signal.throwIfAborted();
        return { status: 'exhausted', reason: 'Done.' };
      },
    }),
    agentTest,
    /^it threw AbortError/,
  ],
  [CREATE, 'a team without an order', withRole(team, { propose: async () => ({}) }), teamTest, 'an object without order'],
  [
    'orders its members',
    'a stranger',
    withRole(team, { order: () => ['nobody'] }),
    teamTest,
    'nobody, of the members first, second, third',
  ],
  [
    'orders its members',
    'a favourite',
    withRole(team, { order: (members: readonly string[]) => [members[0], ...members] }),
    teamTest,
    'a member twice: first, first, second, third',
  ],
  ['orders its members', 'a name alone', withRole(team, { order: () => 'first' }), teamTest, '"first", which is no list'],
  [
    'remembers nothing that is not in the history',
    'a counter',
    offender(team, {
      create: () => {
        let calls = 0;
        return { order: (members: readonly string[]) => [members[calls++ % members.length]] };
      },
    }),
    teamTest,
    'second, and from a new instance first',
  ],
  [
    'answers a bad exit as a value',
    'a throw',
    offender(trainer, {
      create: (options: { run: string[] }, context: never) => ({
        train: async (request: TrialRequest) => {
          const outcome = await trainer.create(options, context).train(request);
          if (outcome.exit === 'failed') throw new Error('exit code 1');
          return outcome;
        },
      }),
    }),
    trainerTest,
    'it threw Error: exit code 1',
  ],
  [
    'writes what is printed to the log file and hands on each line',
    'a deaf trainer',
    offender(trainer, {
      create: (options: { run: string[] }, context: never) => ({
        train: (request: TrialRequest) => trainer.create(options, context).train({ ...request, onLine: () => {} }),
      }),
    }),
    trainerTest,
    'the lines []',
  ],
  [
    'reports a run that failed before its baseline',
    'a baseline that must be there',
    withRole(reporter, { done: ({ baseline }: { baseline: { id: number } }) => void baseline.id }),
    NONE,
    /^it threw TypeError: Cannot read properties of null/,
  ],
  [
    'reports a kept, a discarded and a crashed experiment, and an audit',
    'a score that must be there',
    withRole(reporter, { settled: ({ score }: Scored) => void score.value }),
    NONE,
    /^it threw TypeError/,
  ],
  [
    'takes every event of a run',
    'an experiment that every event must have',
    withRole(reporter, { observe: ({ row }: { row: { id: number } }) => void row.id }),
    NONE,
    /^it threw TypeError/,
  ],
];

describe.each([
  ['definition', DEFINITION],
  ['create', INERT],
  ['metric', METRIC],
  ['gate and objective', DECIDING],
  ['agent, trainer and reporter', ACTING],
] as const)('laws of %s', (_group, offenders) => {
  test.each(offenders)('"%s" is broken by %s', async (law, _what, definition, given, came) => {
    const broken = await brokenLaws(definition, given);
    const found = broken.find((error) => error.law === law);
    expect(found, `broken: ${broken.map((error) => error.message).join('\n')}`).toBeDefined();
    if (typeof came === 'string') expect(found?.came).toBe(came);
    else expect(found?.came).toMatch(came);
    expect(found?.message).toBe(
      `${definition.kind} ${definition.name} breaks the rule "${law}"\n  expected: ${found?.expected}\n  came:     ${found?.came}`,
    );
    expect(found?.expected.length).toBeGreaterThan(10);
  });
});

test('an open schema is no definition', async () => {
  const open = offender(gate, { schema: { type: 'object', additionalProperties: true, properties: {} } as unknown as OptionsSchema });
  expect((await brokenLaws(open, NONE)).map(({ law }) => law)).toEqual(
    expect.arrayContaining(['has a closed schema, or false for no options', REFUSES]),
  );
});

describe('a trainer that forgets', () => {
  const spawning = (script: string, exit: string) =>
    withRole(trainer, {
      async train({ cwd, env }: TrialRequest) {
        const child = spawn('bash', ['-c', script], { cwd, env: { ...env }, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
        child.unref();
        await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
        child.stdout.destroy();
        return { exit, exitCode: null, signal: null, seconds: 1, peakMemoryMb: null };
      },
    });

  test('its grandchildren is found, and they are ended', async () => {
    const broken = await brokenLaws(spawning('sleep 61 & echo begun; sleep 61', 'timed-out'), trainerTest);
    const found = broken.find(({ law }) => law === 'ends a trial at its timeout and leaves no process behind');
    expect(found?.came).toMatch(/^processes are left behind: \d+, \d+/);
    const [pid] = found?.came.match(/\d+/) ?? [];
    // A killed process may stay as a zombie until its new parent has looked.
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
    expect(state).toMatch(/\) [ZX]/);
  });

  test('what the exit was is found', async () => {
    const broken = await brokenLaws(spawning('true', 'completed'), trainerTest);
    expect(broken.map(({ law }) => law)).toEqual(
      expect.arrayContaining([
        'ends a trial when it is aborted and leaves no process behind',
        'does not run a trial that was aborted before it began',
      ]),
    );
  });
});

test.each([
  ['metric', withRole(metric, { measure: () => new Promise(() => {}) }), metricTest],
  ['reporter', withRole(reporter, { done: () => new Promise(() => {}) }), NONE],
] as [string, AnyDefinition, PluginTest][])('a %s that never answers is named', async (_kind, definition, given) => {
  const broken = await brokenLaws(definition, { ...given, limitMs: 500 });
  expect(broken.map(({ law }) => law)).toContain('settles when the run is being stopped');
  expect(broken.at(-1)?.came).toBe('no answer within 0.5 s');
});
