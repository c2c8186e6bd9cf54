import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { SettledExperiment } from '../../src/experiment.ts';
import { openRepository } from '../../src/git/repository.ts';
import { resumeRun, startRun, type RunRequest } from '../../src/engine/session/run.ts';
import { readExperiments, readRun } from '../../src/ledger/read.ts';
import { verifyRun } from '../../src/ledger/verify.ts';
import type { Override } from '../../src/config/types.ts';
import type { Log, RunEnd } from '../../src/plugin.ts';
import { makeRepo, type TestRepo } from './repo.ts';

export const RUN = 'night';

const fixtures = join(import.meta.dirname, '../fixtures');
export const trainerFile = (name: string) => join(fixtures, 'trainers', name);

/** One step of the agent in test/fixtures/plugins/lab.mjs. */
export interface Step {
  readonly bash?: string;
  readonly title?: string;
  readonly [option: string]: unknown;
}

type Config = Readonly<Record<string, unknown>>;

/** Sets the number the trainer prints. */
export const set = (value: number | string): Step => ({ bash: `echo ${value} > value.txt` });

export function stepsAgent(steps: readonly Step[], options: Config = {}): Config {
  return { use: './lab.mjs#steps', with: { steps, ...options } };
}

/** A whole config over value.txt, whose number is the loss; parts replace the defaults. */
export function configOf(parts: Config = {}): Config {
  return {
    scope: { edit: ['value.txt', 'lib/**'] },
    objective: { use: 'single', with: { metric: 'loss', direction: 'minimize' } },
    agent: stepsAgent([]),
    trainer: { use: 'command', with: { run: ['sh', 'train.sh'] }, timeout: '20s' },
    metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$' } } },
    gates: [{ use: 'min-delta' }],
    reporters: [],
    ...parts,
  };
}

/** The files of a project that trains in a millisecond. */
export function projectFiles(config: Config, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    'autoresearch.config.yaml': JSON.stringify(config, null, 1),
    'lab.mjs': readFileSync(join(fixtures, 'plugins/lab.mjs'), 'utf8'),
    'value.txt': '1\n',
    'train.sh': 'echo "loss: $(cat value.txt)"\n',
    'eval.py': 'fair = True\n',
    'lib/part.txt': 'part\n',
    ...more,
  };
}

export function makeProject(parts: Config = {}, more: Readonly<Record<string, string>> = {}, dir?: string): TestRepo {
  return makeRepo(projectFiles(configOf(parts), more), dir);
}

export interface Ran {
  readonly end: RunEnd;
  readonly experiments: readonly SettledExperiment[];
  /** What was said to the person at the terminal. */
  readonly messages: readonly string[];
}

interface RunOptions {
  readonly signal?: AbortSignal;
  readonly name?: string;
  readonly overrides?: readonly Override[];
  readonly messages?: string[];
  readonly onAssembled?: NonNullable<RunRequest['onAssembled']>;
  readonly onOpened?: NonNullable<RunRequest['onOpened']>;
}

/** Runs the loop in this process. */
export async function run(cwd: string, options: RunOptions = {}): Promise<Ran> {
  const messages = options.messages ?? [];
  const { end } = await startRun(requestOf(cwd, options, messages));
  return { end, messages, experiments: await experimentsOf(cwd, options.name) };
}

export async function resume(cwd: string, options: RunOptions & { budget?: Config } = {}): Promise<Ran> {
  const messages = options.messages ?? [];
  const { end } = await resumeRun({ ...requestOf(cwd, options, messages), ...(options.budget && { budget: options.budget }) });
  return { end, messages, experiments: await experimentsOf(cwd, options.name) };
}

function requestOf(
  cwd: string,
  { signal = new AbortController().signal, name = RUN, overrides, onAssembled, onOpened }: RunOptions,
  messages: string[],
): RunRequest {
  return {
    cwd,
    name,
    log: logTo(messages),
    signal,
    ...(overrides && { overrides }),
    ...(onAssembled && { onAssembled }),
    ...(onOpened && { onOpened }),
  };
}

function logTo(messages: string[]): Log {
  const add = (message: string) => void messages.push(message);
  return { info: add, warn: add, debug: () => {} };
}

/** Every settled experiment, each of them valid against the published schema. */
export async function experimentsOf(cwd: string, name = RUN): Promise<SettledExperiment[]> {
  const { git } = await openRepository(cwd);
  const experiments = await readExperiments(git, await readRun(git, name));
  for (const experiment of experiments) expectValid(experiment);
  return experiments;
}

export async function problemsOf(cwd: string, name = RUN): Promise<readonly string[]> {
  const { git } = await openRepository(cwd);
  return (await verifyRun(git, name)).problems;
}

const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/experiment.schema.json'), 'utf8')) as object,
);

export function expectValid(experiment: unknown): void {
  if (!validate(experiment))
    throw new Error(`a record is not valid: ${JSON.stringify(validate.errors)}\n${JSON.stringify(experiment, null, 1)}`);
}

/** `#1 keep IMPROVED`, for every experiment. */
export function verdicts(experiments: readonly SettledExperiment[]): string[] {
  return experiments.map(({ id, verdict, reason }) => `#${id} ${verdict} ${reason.code}`);
}
