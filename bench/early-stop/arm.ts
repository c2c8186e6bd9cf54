import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { SettledExperiment } from '../../src/experiment.ts';
import { mean } from '../../src/stats.ts';

const root = join(import.meta.dirname, '../..');
const CLI = join(root, 'dist/src/cli.js');
const run = promisify(execFile);

export interface Arm {
  /** Its project, whose packages are the text. */
  readonly cwd: string;
  readonly perHour: number;
  readonly stopped: readonly Stopped[];
  readonly kept: number;
  /** The last proposal of the stream it settled. */
  readonly steps: number;
  /** The incumbent's commit after so many proposals of the stream. */
  incumbentAt(step: number): string;
}

/** A trial that was stopped early. */
export interface Stopped {
  readonly candidate: string;
  readonly incumbent: string;
  readonly seed: number;
}

interface ArmOptions {
  readonly home: string;
  readonly stream: number;
  readonly seconds: number;
  readonly withPruner: boolean;
}

/** One run of the preset over a stream, with its pruner or without; no audits, which are alike in both. */
export async function runArm({ home, stream, seconds, withPruner }: ArmOptions): Promise<Arm> {
  const cwd = join(home, withPruner ? 'with' : 'without');
  mkdirSync(home, { recursive: true });
  execFileSync(process.execPath, [CLI, 'init', cwd, '--preset', 'tiny-lm'], { cwd: home });
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { cwd });
  git('init', '-q');
  git('add', '-A');
  // Outside any repository, init has made a commit already.
  git('commit', '-q', '--allow-empty', '-m', 'start');
  const agent = {
    use: 'command',
    with: { run: [process.execPath, join(import.meta.dirname, 'agent.ts'), String(stream), join(cwd, '.git/step')] },
  };
  const settings = {
    agent: [agent],
    gates: gatesOf(withPruner),
    'budget.experiments': 100_000,
    seed: stream + 1,
    // The agent counts its steps beside the worktree.
    sandbox: 'off',
  };
  const set = Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${JSON.stringify(value)}`]);
  await run(process.execPath, [CLI, 'run', '--name', 'bench', '--time', `${seconds}s`, ...set], { cwd, maxBuffer: 1e9 });
  const { stdout } = await run(process.execPath, [CLI, 'log', 'bench', '--json'], { cwd, maxBuffer: 1e9 });
  return summaryOf(cwd, JSON.parse(stdout) as SettledExperiment[]);
}

/** What the preset says of posterior and pruner, so that what is measured is what is shipped. */
function gatesOf(withPruner: boolean): unknown[] {
  const { gates } = parse(readFileSync(join(root, 'presets/tiny-lm/preset.yaml'), 'utf8')) as { gates: { use: string }[] };
  return gates.filter(({ use }) => use === 'posterior' || (withPruner && use === 'pruner'));
}

function summaryOf(cwd: string, experiments: readonly SettledExperiment[]): Arm {
  const attempts = experiments.filter(({ id, parent, candidate }) => id > 0 && candidate !== parent);
  const kept = attempts.filter(({ verdict }) => verdict === 'keep');
  const stepOf = ({ proposal }: SettledExperiment) => Number(proposal.params?.['step'] ?? 0);
  const seconds = experiments.reduce((sum, experiment) => sum + experiment.seconds, 0);
  return {
    cwd,
    perHour: (3600 * attempts.length) / seconds,
    stopped: attempts.flatMap(({ reason, candidate, parent, trials }) =>
      reason.code === 'HOPELESS' && candidate !== null ? [{ candidate, incumbent: parent, seed: trials[0]?.seed ?? 0 }] : [],
    ),
    kept: kept.length,
    steps: Math.max(0, ...attempts.map(stepOf)),
    incumbentAt: (step) => kept.findLast((experiment) => stepOf(experiment) <= step)?.candidate ?? experiments[0]?.candidate ?? 'HEAD',
  };
}

/** What a commit reaches on seeds no run has used: the mean of as many trainings. */
export async function qualityOf({ cwd }: Arm, commit: string, seeds: readonly number[]): Promise<number> {
  const values: number[] = [];
  for (const seed of seeds) values.push(await train(cwd, commit, seed));
  return mean(values);
}

/** By how much each stopped trial is behind its incumbent when both are trained to the end after all; below 0 it is ahead. */
export async function finish({ cwd, stopped }: Arm): Promise<number[]> {
  const behind: number[] = [];
  for (const { candidate, incumbent, seed } of stopped)
    behind.push((await train(cwd, candidate, seed)) - (await train(cwd, incumbent, seed)));
  return behind;
}

/** Prints what the evaluator of the preset asks first; a bench that nobody cheats needs no more of it. */
const ASK = `import { gatherCorpus } from './corpus.mjs';
console.log(JSON.stringify({ id: 1, inputs: [{ compress: Buffer.from(gatherCorpus().heldOut).toString('base64') }] }));`;

async function train(cwd: string, commit: string, seed: number): Promise<number> {
  execFileSync('git', ['checkout', '-q', '--force', commit], { cwd });
  const options = { cwd, env: { ...process.env, AUTORESEARCH_SEED: String(seed) }, maxBuffer: 2 ** 26, encoding: 'utf8' } as const;
  await run(process.execPath, ['train.mjs'], options);
  const input = execFileSync(process.execPath, ['--input-type=module', '-e', ASK], options);
  const answer = JSON.parse(execFileSync(process.execPath, ['train.mjs', 'serve'], { ...options, input })) as { outputs: [string] };
  const text = (JSON.parse(input) as { inputs: [{ compress: string }] }).inputs[0].compress;
  return (8 * Buffer.byteLength(answer.outputs[0], 'base64')) / Buffer.byteLength(text, 'base64');
}
